internal import AccessLog
internal import TraceStore

/// Units of time of a store to which hops of later times are still added. For one thread.
struct SettledUnits {
  private let reader: StoreReader
  private let maximumHops: Int64
  private var loader: UnitLoader?
  /// Hops by slot of time, as they were when `wanted` was asked last.
  private var counts: [(slot: Int64, hops: Int64)] = []
  /// The instant that `wanted` was asked for last, and the first start behind the units that it has looked at;
  /// microseconds since the epoch.
  private var settled = Int64.min
  private var end = Int64.min
  /// What had been stored when the loader looked last: the last of the waiting slots.
  private var seen: Int64 = 0

  init(_ reader: StoreReader, maximumHops: Int64) {
    self.reader = reader
    self.maximumHops = maximumHops
  }

  /// Closes the reader.
  mutating func close() throws(StoreError) {
    loader = nil
    try reader.close()
  }

  /// The units that are to be linked and lie, with the widest margin around them, before an instant; in order, and each
  /// only once.
  mutating func wanted(before instant: Int64) throws -> [ClosedRange<Int64>] {
    try reader.snapshot {
      try recount(from: CorrelationUnits.slot(of: settled))
      settled = instant
      let work = try reader.pendingWork()
      let done = try reader.correlatedUnits()
      let units = CorrelationUnits(counts, maximumHops: maximumHops).ranges.filter {
        $0.lowerBound >= end && $0.upperBound + CorrelationUnits.margin < instant
      }
      if let last = units.last { end = last.upperBound + 1 }
      let crowded = crowds()
      return units.filter { unit in
        !crowded.contains { $0.overlaps(unit) } && CorrelationUnits.isTouched(unit, done[unit], by: work)
      }
    }
  }

  /// Times around which units depend on more than counts by slot: they are linked at the end.
  private func crowds() -> [ClosedRange<Int64>] {
    let length = StoreLimits.slotMilliseconds * 1000
    let reach = CorrelationUnits.margin + length
    return counts.filter { $0.hops > CorrelationLimits.pieceHops }.map {
      $0.slot * length - reach...($0.slot + 1) * length + reach
    }
  }

  /// Few slots change from one time to the next, of what may be months.
  private mutating func recount(from slot: Int64) throws {
    while let last = counts.last, last.slot >= slot { counts.removeLast() }
    counts += try reader.hopCounts(from: slot)
  }

  /// The hops of a unit, whose starts are after those of the unit before, and of the margin around it.
  mutating func load(_ unit: ClosedRange<Int64>) throws -> LoadedUnit {
    try reader.snapshot {
      let work = try reader.pendingWork()
      if loader == nil {
        loader = try UnitLoader(reader)
      } else {
        try loader?.refresh(work.ranges.filter { $0.id > seen }.map(\.range))
      }
      seen = work.lastID
      loader?.reach = MarginReach(counts)
      guard let loaded = try loader?.load(unit, seen: seen) else { preconditionFailure("no loader") }
      return loaded
    }
  }
}
