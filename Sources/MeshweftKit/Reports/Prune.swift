internal import TraceStore

/// `meshweft prune`: deletes what is old, and leaves everything else as if it had never been there.
public struct Prune {
  private let database: String
  private let olderThan: String
  private let compacts: Bool

  /// `olderThan` is `7d`, counted from the newest line; `compacts` gives the space back to the file system.
  public init(database: String, olderThan: String, compacts: Bool) {
    self.database = database
    self.olderThan = olderThan
    self.compacts = compacts
  }

  /// What it did.
  public struct Summary: Sendable {
    /// Hops that went.
    public internal(set) var deleted = 0
    /// Microseconds since the epoch: hops that had ended before went; nil where the database was empty.
    var endedBefore: Int64?

    /// For people, a line.
    public var text: String {
      guard let endedBefore else { return "The database is empty." }
      return
        "\(Quantity.counted(Int64(deleted), "hop")) that had ended before \(Instant.text(endedBefore)) deleted."
    }

    /// `meshweft.prune/1`, one line.
    public var json: [UInt8] {
      var writer = JSONWriter()
      writer.object { writer in
        writer.member("schema", "meshweft.prune/1")
        writer.member("deleted", deleted)
        writer.member("ended_before", endedBefore.map { Instant.text($0) })
      }
      writer.newline()
      return writer.bytes
    }
  }

  /// - Throws: `UsageError`, `StoreError`
  public func run() throws -> Summary {
    let age: Int64
    do { age = try TimeWindow.duration(olderThan) } catch {
      throw UsageError(
        "--older-than takes a duration like 12h, 7d or 4w, not \(Shown.text(olderThan, limit: 40))")
    }
    guard let newest = try StoreReader(path: database).newestStart() else { return Summary() }
    let writer = try StoreWriter(path: database)
    var summary = Summary()
    summary.endedBefore = newest - age
    summary.deleted = try writer.prune(endedBefore: newest - age, margin: CorrelationUnits.margin)
    if compacts { try writer.vacuum() }
    try writer.close()
    try Correlate(database: database).run()
    return summary
  }
}
