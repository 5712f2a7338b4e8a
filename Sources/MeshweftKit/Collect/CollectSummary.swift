/// What became of the logs of some contexts.
public struct CollectSummary: Sendable {
  /// What was read; what could not be is among its errors.
  public internal(set) var ingest = IngestSummary()
  /// In the order in which they were named.
  public internal(set) var contexts: [Context] = []

  /// One context's share.
  public struct Context: Sendable, Equatable {
    /// The context's name, with the mesh cluster's where that is another one.
    public internal(set) var name: String
    /// Logs with at least one line, or that were read to their end.
    public internal(set) var logs = 0
    /// Their lines.
    public internal(set) var counts = IngestCounts()
  }

  init(_ ingest: IngestSummary, _ contexts: [CollectedContext]) {
    self.ingest = ingest
    self.contexts = contexts.map { context in
      let isRenamed = context.name != context.meshCluster
      var share = Context(name: context.name + (isRenamed ? " (\(context.meshCluster))" : ""))
      for source in ingest.sources where source.meshCluster == context.meshCluster {
        share.logs += 1
        share.counts += source.counts
      }
      return share
    }
  }

  /// For people, on standard error.
  public var text: String {
    let lines = contexts.map { context in
      "\(Shown.text(context.name)): \(Quantity.counted(Int64(context.logs), "log")), "
        + "\(Quantity.counted(context.counts.lines, "line")) = \(Quantity.grouped(context.counts.stored)) stored"
        + " + \(Quantity.grouped(context.counts.duplicate)) duplicate"
        + " + \(Quantity.grouped(context.counts.skipped)) skipped"
        + " + \(Quantity.grouped(context.counts.rejected)) rejected\n"
    }
    return ingest.text + (contexts.count > 1 ? lines.joined() : "")
  }
}
