internal import Correlation
internal import TraceStore

/// Brings a store's links up to date with its hops.
public struct Correlate {
  private let database: String

  /// Works on the store at `database`.
  public init(database: String) { self.database = database }

  /// What it did.
  public struct Summary: Sendable {
    /// Hops that were correlated; 0 where nothing was pending.
    public internal(set) var hops = 0
    /// Wall time.
    public internal(set) var seconds = 0.0
  }

  /// Links all hops anew where any are pending, or in any case where `all` is set. A store that cannot be written
  /// keeps its links of before, and the error is thrown.
  @discardableResult
  public func run(all: Bool = false) throws -> Summary {
    let clock = ContinuousClock()
    let began = clock.now
    var summary = Summary()
    let reader = try StoreReader(path: database)
    let (work, loaded) = try reader.snapshot {
      let work = try reader.pendingWork()
      return (work, work != nil || all ? try reader.loadHops() : nil)
    }
    guard let loaded else { return summary }
    let outcomes = Correlator().correlate(loaded.hops)
    let writer = try StoreWriter(path: database)
    try writer.replaceLinks(outcomes.map(HopLinks.init), covering: work)
    try writer.close()
    summary.hops = loaded.hops.count
    summary.seconds = (clock.now - began).seconds
    return summary
  }

  /// Makes good what a crash between ingest and correlation left undone; reports call it first.
  ///
  /// A store that may only be read is reported on as it is.
  /// - Throws: `StoreError`
  static func ifPending(_ database: String) throws {
    guard try StoreReader(path: database).pendingWork() != nil else { return }
    do {
      try Correlate(database: database).run()
    } catch StoreError.readOnly {}
  }
}

extension HopLinks {
  init(_ outcome: HopOutcome) {
    self.init(
      hop: outcome.hop, traceRoot: outcome.traceRoot, parent: outcome.parent, carriers: outcome.carriers,
      carrierStatus: outcome.carrierStatus, runnerUp: outcome.runnerUp, margin: outcome.margin)
  }
}
