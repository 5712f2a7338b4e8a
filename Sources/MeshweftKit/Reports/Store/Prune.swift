internal import TraceStore

/// `meshweft prune`: deletes what is old, and leaves everything else as if it had never been there.
public struct Prune {
  private let database: String
  private let olderThan: TypedDuration
  private let compacts: Bool

  /// `olderThan` is counted from the newest line; `compacts` gives the space back to the file system.
  public init(database: String, olderThan: TypedDuration, compacts: Bool) {
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
    /// A signal ended it before what is left was linked anew, or the space given back.
    public internal(set) var wasInterrupted = false

    /// For people, a line.
    public var text: String {
      guard let endedBefore else { return "The database is empty." }
      let rest = wasInterrupted ? " Interrupted after that: the next report links what is left." : ""
      return
        "Deleted \(Quantity.counted(Int64(deleted), "hop")) that had ended before \(Instant.text(endedBefore))."
        + rest
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
    let age = olderThan.microseconds
    guard let newest = try UpToDateStore.readerOfAnyLinks(database).newestStart() else { return Summary() }
    let writer = try StoreWriter(path: database)
    var summary = Summary()
    summary.endedBefore = newest - age
    summary.deleted = try writer.prune(endedBefore: newest - age, margin: CorrelationUnits.margin)
    // It is deleted by now, and that is said, whatever becomes of the rest.
    do {
      if compacts { try writer.vacuum() }
      try writer.close()
      try Correlate(database: database).run()
    } catch  where Interruption.isCause(of: error) {
      try writer.close()
      summary.wasInterrupted = true
    }
    return summary
  }
}
