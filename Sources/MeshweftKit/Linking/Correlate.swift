internal import AccessLog
internal import Correlation
internal import TraceStore

/// Brings a store's links up to date with its hops.
public struct Correlate {
  private let database: String
  /// Hops in a unit of time at most; tests make it small, so that there are many.
  var unitHops = CorrelationUnits.maximumHops
  /// Hops of a millisecond that are linked at once at most; tests make it small, too.
  var partHops = CorrelationLimits.pieceHops

  /// Works on the store at `database`.
  public init(database: String) { self.database = database }

  /// What it did.
  public struct Summary: Sendable {
    /// Hops that were correlated; 0 where nothing was pending.
    public internal(set) var hops = 0
    /// Units of time to which a late carrier was added, without linking their other hops again.
    var added = 0
    /// Wall time.
    public internal(set) var seconds = 0.0
    /// How a relative time was anchored, for people.
    public internal(set) var notes: [String] = []
  }

  /// Which hops are linked anew although nothing around them is.
  public enum Again: Sendable {
    case none
    case all
    /// The units of time that a window reaches into, whole.
    case within(TimeWindow)
  }

  /// Links the hops around what is pending anew, and those that `again` names. Readers see the links of before until all
  /// are there; a store that cannot be written keeps them, and the error is thrown. Adds rollups up wherever they are not yet.
  /// - Throws: `UsageError`, `StoreError`
  @discardableResult
  public func run(again: Again = .none) throws -> Summary {
    let summary = try link(again)
    let reader = try StoreReader(path: database)
    let hasWork = try SpanBuilder.hasWork(reader)
    try reader.close()
    guard hasWork else { return summary }
    // They only make reports quicker: a store that may only be read does without.
    do {
      let writer = try StoreWriter(path: database)
      try SpanBuilder(writer).run()
      try writer.close()
    } catch StoreError.readOnly {}
    return summary
  }

  /// Links what waits, and what `again` asks for. Rollups are added up as an ingest does: no older ones than that.
  @discardableResult
  func link(_ again: Again = .none, options: StoreOptions = StoreOptions()) throws -> Summary {
    let clock = ContinuousClock()
    let began = clock.now
    var summary = Summary()
    let reader = try UpToDateStore.readerOfAnyLinks(database)
    let times = try starts(again, reader, &summary.notes)
    let isPending = try reader.isPending()
    try reader.close()
    guard times != nil || isPending else { return summary }
    let writer = try StoreWriter(path: database, options: options)
    (summary.hops, summary.added) = try run(again: times, with: writer)
    // Only now: closing copies the log into the database, for which no reader may be at an earlier state.
    try writer.close()
    summary.seconds = (clock.now - began).seconds
    return summary
  }

  /// Starts, microseconds since the epoch; nil for none.
  private func starts(_ again: Again, _ reader: StoreReader, _ notes: inout [String]) throws -> Range<Int64>?
  {
    switch again {
    case .none: return nil
    case .all: return .min ..< .max
    case .within(let window):
      let resolved = try window.resolved { try reader.newestStart() }
      notes = resolved.notes
      let since = resolved.since ?? .min
      return since..<max(since, resolved.until ?? .max)
    }
  }

  /// Links what waits, with a writer that is open already and stays so. Units of time that `again` reaches into are linked
  /// anew in any case.
  /// - Returns: how many hops were correlated; and the units to which a late carrier was added.
  @discardableResult
  func run(again: Range<Int64>? = nil, with writer: StoreWriter) throws -> (hops: Int, added: Int) {
    try writer.tellSourcesApart()
    try writer.reviseRoles()
    // From here on nobody else adds hops, so that the links will be of what is read now.
    try writer.begin()
    let reader = try StoreReader(besideWriterOf: database)
    var addedAlone = false
    let done = try reader.snapshot {
      let work = try reader.pendingWork()
      let counts = try reader.hopCounts()
      let dense = try DenseCounts(reader, counts, most: partHops)
      let units = CorrelationUnits(counts, dense: dense, maximumHops: unitHops)
      let done = try reader.correlatedUnits()
      // A unit that was cut otherwise the last time saw other hops around it.
      let wanted = units.ranges.filter {
        again.map($0.overlaps) ?? false || CorrelationUnits.isTouched($0, done[$0], by: work)
      }
      let late = try lateChanges(wanted, again, work, units, done, reader)
      let kept = Set(units.ranges)
      for unit in done.keys.sorted(by: { $0.lowerBound < $1.lowerBound }) where !kept.contains(unit) {
        try writer.forget(unit)
      }
      for change in late { try change.write(to: writer) }
      let changed = Set(late.map(\.unit))
      let whole = wanted.filter { !changed.contains($0) }
      let reach = MarginReach(counts, dense: dense)
      let written = try replaceLinks(
        whole, units.overfull, reach, seen: work.lastID, reader, writer)
      try writer.setCorrelated(written.units)
      try writer.finish(work)
      try writer.commit()
      addedAlone = !late.isEmpty && whole.isEmpty
      return (late.reduce(written.hops) { $0 + $1.links.count }, late.count)
    }
    try reader.close()
    // A late carrier costs so little that spans would be most of it: they are left to the next lines.
    if !addedAlone { try SpanBuilder(writer).run(limit: SpanLimits.perIngest) }
    return done
  }

  /// What can be added to units without linking them again.
  private func lateChanges(
    _ wanted: [ClosedRange<Int64>], _ again: Range<Int64>?, _ work: PendingWork, _ units: CorrelationUnits,
    _ done: [ClosedRange<Int64>: UnitState], _ reader: StoreReader
  ) throws -> [LateChange] {
    guard again == nil, LateCarriers.mayHelp(work) else { return [] }
    var carriers = try LateCarriers(reader, work, units: units.ranges, done: done)
    return try wanted.compactMap { try carriers.change(in: $0) }
  }

  /// Returns what was correlated. Loading is this thread's part, see `CorrelationPipeline` for the others'.
  private func replaceLinks(
    _ units: [ClosedRange<Int64>], _ overfull: Set<ClosedRange<Int64>>, _ reach: MarginReach, seen: Int64,
    _ reader: StoreReader, _ writer: StoreWriter
  ) throws -> CorrelationPipeline.Written {
    if units.isEmpty { return CorrelationPipeline.Written() }
    let pipeline = CorrelationPipeline(writer: writer)
    pipeline.start()
    let loading = Result {
      var loader = try UnitLoader(reader, reach: reach)
      for unit in units where !pipeline.hasFailed {
        if overfull.contains(unit) {
          try loader.load(overfull: unit, most: Int(partHops), seen: seen) { pipeline.put($0) }
        } else {
          pipeline.put(try loader.load(unit, seen: seen))
        }
      }
    }
    let written = Result { try pipeline.finish() }
    try loading.get()
    return try written.get()
  }
}
