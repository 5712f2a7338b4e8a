internal import AccessLog
internal import Correlation
internal import TraceStore

/// What was found out about the hops of a unit of time.
struct CorrelatedUnit: Sendable {
  var range: ClosedRange<Int64>
  var state: UnitState
  var part: LoadedUnit.Part?
  /// Of all hops that were looked at, by key, and which of them are of its own hops.
  var outcomes: [HopOutcome]
  var own: Range<Int>
  /// Places in `outcomes` of hops whose trace begins outside the unit, as far as the unit can tell: in another unit
  /// more may be known.
  var continued: [Int32] = []
  var legs: [LegRollup]
  var peaks: [LegPeak]
  var clocks: [StoredClock]

  /// The one place where a unit's hops and all that is known about them are together.
  init(_ unit: LoadedUnit) {
    range = unit.range
    state = unit.state
    part = unit.part
    let longest = CorrelatedUnit.longestRequest(unit.hops.hops)
    let result = Correlator().correlate(
      unit.hops.hops, own: unit.range, scopes: unit.hops.hosts.scopes, names: unit.hops.tunnelNames)
    if let waiting = result.waiting, longest < CorrelationUnits.margin, !unit.isNarrow {
      state.exact = ExactUnit(waitingHops: Int64(waiting), longest: longest)
    }
    clocks = result.clocks.compactMap { StoredClock($0, unit.hops) }
    var rollups = RollupBuilder(unit.range, unit.hops, result.outcomes)
    peaks = rollups.takePeaks()
    legs = rollups.takeLegs()
    outcomes = result.outcomes
    own = 0..<0
    if let part { beOf(part) } else { findOwn(OwnHops(unit)) }
  }

  /// All hops are its own. What is not linked may belong to a hop of another part.
  private mutating func beOf(_ part: LoadedUnit.Part) {
    own = outcomes.indices
    for place in own where outcomes[place].parent == nil { outcomes[place].isUndecided = true }
    // Rows of the parts stand side by side, at a microsecond each.
    for place in legs.indices { legs[place].bucket += part.number }
    for place in peaks.indices { peaks[place].bucket += part.number }
  }

  private static func longestRequest(_ hops: [Hop]) -> Int64 {
    var longest: Int64 = 0
    for place in hops.indices where hops[place].role != .proxy && !hops[place].isConnection {
      longest = max(longest, hops[place].duration)
    }
    return longest
  }

  private mutating func findOwn(_ hops: OwnHops) {
    let places = outcomes.indices.filter { hops.contains(outcomes[$0].hop) }
    guard let first = places.first, let last = places.last else { return }
    own = first..<last + 1
    if places.count < own.count {
      // A collision has moved the key of a neighbour's hop in between.
      outcomes = places.map { outcomes[$0] }
      own = outcomes.indices
    }
    for place in own
    where outcomes[place].traceRoot != outcomes[place].hop && !hops.contains(outcomes[place].traceRoot) {
      continued.append(Int32(place))
    }
  }
}

/// Which of a loaded unit's hops start in its range. Keys tell the millisecond, so only near the ends it has to be
/// looked up.
private struct OwnHops {
  private let keys: KeyRange
  private var atEnds: [Int64: Bool] = [:]

  init(_ unit: LoadedUnit) {
    keys = KeyRange(startingIn: unit.range)
    for hop in unit.hops.hops where keys.possible.contains(hop.id) && !keys.sure.contains(hop.id) {
      atEnds[hop.id] = unit.range.contains(hop.start)
    }
  }

  func contains(_ key: Int64) -> Bool {
    keys.sure.contains(key) || keys.possible.contains(key) && atEnds[key] ?? false
  }
}

extension StoredClock {
  /// Nil where a mesh cluster has no name.
  init?(_ clock: ClockEstimate, _ loaded: LoadedHops) {
    guard clock.clientCluster >= 0, clock.serverCluster >= 0 else { return nil }
    self.init(
      clientMeshCluster: loaded.meshClusters[Int(clock.clientCluster)],
      serverMeshCluster: loaded.meshClusters[Int(clock.serverCluster)], reference: clock.referenceTime,
      offset: clock.offset, drift: clock.drift, uncertainty: clock.uncertainty,
      requests: Int64(clock.samples))
  }
}
