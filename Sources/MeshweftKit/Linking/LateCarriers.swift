internal import AccessLog
internal import Correlation
internal import TraceStore

/// Finds what late carriers change; for one snapshot of a reader.
struct LateCarriers {
  private let feed: HopFeed
  private let links: LinkFeed
  private let rollups: StoredRollups
  private let work: PendingWork
  private let done: [ClosedRange<Int64>: UnitState]
  /// All units that time is cut into.
  private let units: [ClosedRange<Int64>]
  private var carriers: [Int64: LateCarrier?] = [:]

  init(
    _ reader: StoreReader, _ work: PendingWork, units: [ClosedRange<Int64>],
    done: [ClosedRange<Int64>: UnitState]
  ) throws {
    feed = try HopFeed(reader)
    links = try LinkFeed(reader)
    rollups = try StoredRollups(reader)
    self.work = work
    self.units = units
    self.done = done
  }

  /// Whether it is worth looking at all.
  static func mayHelp(_ work: PendingWork) -> Bool {
    work.ranges.contains { $0.isOfConnections && $0.hop != nil }
  }

  /// What changes in a unit that what waits can touch; nil where it must be linked again.
  mutating func change(in unit: ClosedRange<Int64>) throws -> LateChange? {
    guard let state = done[unit], let exact = state.exact,
      max(state.margins.before, state.margins.after) < CorrelationUnits.margin
    else { return nil }
    let touching = work.ranges.filter { CorrelationUnits.isTouched(unit, state, by: $0) }
    guard touching.count == 1, touching[0].isOfConnections, let key = touching[0].hop,
      let late = try carrier(key)
    else { return nil }
    let window = UnitWindow(unit, state.margins)
    guard areExact(window, longest: exact.longest) else { return nil }
    var change = LateChange(unit: unit, state: state)
    change.state.seen = work.lastID
    if !window.contains(late.carrier) { return change }
    change.state.exact?.waitingHops = 0
    let rows = try LateRows(late, window, longest: exact.longest, links, feed)
    guard let found = try LateRequests(late, window, rows, links, feed),
      found.ownHops(window) == exact.waitingHops
    else { return nil }
    change.links = found.changedLinks(window)
    guard let sums = LateSums(late, window, found, feed), try sums.add(to: &change, rows, rollups) else {
      return nil
    }
    return change
  }

  /// Whether ids and addresses alone decided all that is stored about the hops around the unit, too.
  private func areExact(_ window: UnitWindow, longest: Int64) -> Bool {
    let around = window.first - longest...window.last
    return units.allSatisfy { !$0.overlaps(around) || done[$0]?.exact != nil }
  }

  /// The carrier that waits, if it is one; looked up once.
  private mutating func carrier(_ key: Int64) throws -> LateCarrier? {
    if let known = carriers[key] { return known }
    var found = try feed.hop(withKey: key).flatMap { LateCarrier($0) }
    if let late = found {
      var around: [Hop] = []
      try feed.append(startingIn: late.carrier.start...late.carrier.start, to: &around)
      let isRepeated = around.contains { $0.id != key && $0.role == .proxy && late.repeats($0) }
      let isNamed = late.carrier.pod >= 0 && late.carrier.workload >= 0
      if isRepeated || !isNamed || !feed.noClientCalls(from: late.carrier.downstreamRemote) { found = nil }
    }
    carriers[key] = found
    return found
  }
}
