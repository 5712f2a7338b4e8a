internal import AccessLog
internal import Correlation
internal import TraceStore

/// What the late line of one carrier changes in a piece of time whose links ids and addresses alone have decided: it is
/// looked up and added, instead of linking the piece again.
///
/// Why it may: docs/explanation/decisions/0009-late-carriers.md. Where anything is not as plain as it says, `LateCarriers` gives
/// none, and the piece is linked again whole.
struct LateChange {
  var unit: ClosedRange<Int64>
  /// What is known of the piece then.
  var state: UnitState
  /// Of hops that have a carrier now.
  var links: [HopLinks] = []
  /// Rows of the rollups that go, and those that come or change.
  var dropped: [LegRollup] = []
  var legs: [LegRollup] = []
  var peaks: [LegPeak] = []

  /// In the caller's transaction.
  func write(to writer: StoreWriter) throws(StoreError) {
    try writer.setCarriers(links)
    try writer.changeRollups(dropping: dropped, legs, peaks)
    try writer.setCorrelated([unit: state])
  }
}

/// Finds what late carriers change; for one snapshot of a reader.
struct LateCarriers {
  private let feed: HopFeed
  private let links: LinkFeed
  private let rollups: StoredRollups
  private let work: PendingWork
  private let done: [ClosedRange<Int64>: UnitState]
  /// All pieces that time is cut into.
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
    work.stretches.contains { $0.isOfConnections && $0.hop != nil }
  }

  /// What changes in a piece that what waits can touch; nil where it must be linked again.
  mutating func change(in unit: ClosedRange<Int64>) throws -> LateChange? {
    guard let state = done[unit], let exact = state.exact,
      max(state.margins.before, state.margins.after) < CorrelationUnits.margin
    else { return nil }
    let touching = work.stretches.filter { CorrelationUnits.isTouched(unit, state, by: $0) }
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

  /// Whether ids and addresses alone decided all that is stored about the hops around the piece, too.
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

/// A piece of time with its margins, and which hops it was correlated with.
struct UnitWindow {
  let unit: ClosedRange<Int64>
  /// Starts of the first and the last hop that are looked at, but for those that were open at the first; microseconds.
  let first, last: Int64

  init(_ unit: ClosedRange<Int64>, _ margins: UnitMargins) {
    self.unit = unit
    first = unit.lowerBound - margins.before
    last = unit.upperBound + margins.after
  }

  /// As `UnitLoader` chooses them.
  func contains(_ hop: Hop) -> Bool {
    guard hop.start <= last else { return false }
    if hop.start >= first { return true }
    return hop.end >= first
      && (hop.start >= unit.lowerBound - CorrelationUnits.margin || hop.duration >= CorrelationUnits.margin)
  }

  func owns(_ hop: Hop) -> Bool { unit.contains(hop.start) }

  /// Whether a hop is only in the margins, and in flight at no time of the piece's own hops.
  func isApart(_ hop: Hop) -> Bool { hop.end < unit.lowerBound || hop.start > unit.upperBound }
}
