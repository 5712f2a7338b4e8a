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

  /// Links the hops around what is pending anew, or all hops where `all` is set. Readers see the links of before
  /// until all are there; a store that cannot be written keeps them, and the error is thrown.
  @discardableResult
  public func run(all: Bool = false) throws -> Summary {
    let clock = ContinuousClock()
    let began = clock.now
    var summary = Summary()
    let reader = try StoreReader(path: database)
    var used: StoreWriter?
    try reader.snapshot {
      let work = try reader.pendingWork()
      guard work != nil || all else { return }
      let units = try CorrelationUnits(
        reader.hopCounts(stretchMilliseconds: CorrelationUnits.stretchMilliseconds))
      let done = all ? [] : try reader.correlatedUnits()
      // A piece that was cut otherwise the last time saw other hops around it.
      let wanted = units.ranges.filter { !done.contains($0) || Correlate.touches($0, work) }
      let writer = try StoreWriter(path: database)
      used = writer
      try writer.begin()
      var roots = TraceRootsBefore(reader)
      for unit in wanted { summary.hops += try correlate(unit, reader, writer, &roots) }
      try writer.setCorrelatedUnits(units.ranges)
      if let work { try writer.finish(work) }
      try writer.commit()
    }
    // Only now: closing copies the log into the database, for which no reader may be at an earlier state.
    try used?.close()
    summary.seconds = (clock.now - began).seconds
    return summary
  }

  /// Whether new hops can change what is known about a unit's.
  private static func touches(_ unit: ClosedRange<Int64>, _ work: PendingWork?) -> Bool {
    let margin = CorrelationUnits.margin
    return work?.ranges.contains { range in
      unit.lowerBound - margin <= range.upperBound && range.lowerBound - margin <= unit.upperBound
    } ?? false
  }

  /// One unit: loads it with its margin, keeps what was found out about its own hops; returns how many they are.
  private func correlate(
    _ unit: ClosedRange<Int64>, _ reader: StoreReader, _ writer: StoreWriter, _ roots: inout TraceRootsBefore
  ) throws -> Int {
    let margin = CorrelationUnits.margin
    let loaded = try reader.loadHops(startingIn: unit.lowerBound - margin...unit.upperBound + margin)
    let starts = Dictionary(uniqueKeysWithValues: loaded.hops.lazy.map { ($0.id, $0.start) })
    let outcomes = Correlator().correlate(loaded.hops).outcomes
    let rollups = RollupBuilder(unit, loaded, outcomes)
    try writer.replaceRollups(startingIn: unit, rollups.legs, rollups.peaks)
    var own: [HopLinks] = []
    for outcome in outcomes where unit.contains(starts[outcome.hop] ?? .min) {
      var links = HopLinks(outcome)
      links.traceRoot = try roots.root(of: outcome.traceRoot, startingIn: unit, starts)
      own.append(links)
    }
    try writer.replaceLinks(startingIn: unit, own)
    roots.remember(own, from: unit, starts)
    return own.count
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

/// Roots of traces that began before the unit at hand: from the unit before it, or from the store.
private struct TraceRootsBefore {
  private let reader: StoreReader
  /// By hop, for the end of the last unit.
  private var recent: [Int64: Int64] = [:]

  init(_ reader: StoreReader) { self.reader = reader }

  /// The root of the trace that `hop` is in, where `hop` is the first that the unit and its margin know of.
  mutating func root(of hop: Int64, startingIn unit: ClosedRange<Int64>, _ starts: [Int64: Int64]) throws
    -> Int64
  {
    guard let start = starts[hop], start < unit.lowerBound else { return hop }
    if let root = recent[hop] { return root }
    let root = try reader.link(ofHop: hop)?.traceRoot ?? hop
    recent[hop] = root
    return root
  }

  mutating func remember(_ links: [HopLinks], from unit: ClosedRange<Int64>, _ starts: [Int64: Int64]) {
    recent.removeAll(keepingCapacity: true)
    for link in links where (starts[link.hop] ?? .min) > unit.upperBound - CorrelationUnits.margin {
      recent[link.hop] = link.traceRoot
    }
  }
}

extension HopLinks {
  init(_ outcome: HopOutcome) {
    self.init(
      hop: outcome.hop, traceRoot: outcome.traceRoot, parent: outcome.parent, carriers: outcome.carriers,
      carrierStatus: outcome.carrierStatus, runnerUp: outcome.runnerUp, margin: outcome.margin)
  }
}
