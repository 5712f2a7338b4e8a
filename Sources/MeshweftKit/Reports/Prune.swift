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

  /// - Returns: what happened, for people.
  /// - Throws: `UsageError`, `StoreError`
  public func run() throws -> String {
    let age: Int64
    do { age = try TimeWindow.duration(olderThan) } catch {
      throw UsageError(
        "--older-than takes a duration like 12h, 7d or 4w, not \(Shown.text(olderThan, limit: 40))")
    }
    guard let newest = try StoreReader(path: database).newestStart() else { return "The database is empty." }
    let writer = try StoreWriter(path: database)
    let instant = newest - age
    let hops = try writer.prune(endedBefore: instant, margin: CorrelationUnits.margin)
    if compacts { try writer.vacuum() }
    try writer.close()
    try Correlate(database: database).run()
    return "\(Quantity.grouped(Int64(hops))) hops that had ended before \(Instant.text(instant)) deleted."
  }
}
