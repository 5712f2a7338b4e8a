internal import AccessLog
internal import TraceStore

/// How time is cut into units that are correlated one after the other, so that memory does not grow with the store.
///
/// The cuts depend on nothing but the hops' starts: time is halved at round places (slots of 1.875 s times powers
/// of two, so that a minute holds whole units or a unit whole minutes) until a unit has few enough hops. So the
/// same hops are cut the same way however they came. Slots that hold too many alone are cut on, down to milliseconds.
struct CorrelationUnits {
  static let maximumHops = CorrelationLimits.pieceHops
  static let margin = CorrelationLimits.margin

  /// Starts in microseconds since the epoch, in order; without gaps between units that hold hops.
  let ranges: [ClosedRange<Int64>]
  /// Those of a single millisecond that hold more hops than a unit may: they are linked part by part.
  private(set) var overfull: Set<ClosedRange<Int64>> = []

  /// - Parameters:
  ///   - counts: hops by slot of `StoreLimits.slotMilliseconds`, in order.
  ///   - dense: hops by millisecond, of the slots that are to be cut on.
  ///   - maximumHops: of a unit.
  init(
    _ counts: [(slot: Int64, hops: Int64)], dense: DenseCounts = DenseCounts(),
    maximumHops: Int64 = CorrelationUnits.maximumHops
  ) {
    var ranges: [ClosedRange<Int64>] = []
    var open: [(first: Int64, bits: Int, counts: ArraySlice<(slot: Int64, hops: Int64)>)] = [
      (0, CorrelationUnits.wholeBits, counts[...])
    ]
    while let unit = open.popLast() {
      guard !unit.counts.isEmpty else { continue }
      let hops = unit.counts.reduce(0) { $0 + $1.hops }
      if unit.bits == 0, let milliseconds = dense.bySlot[unit.first] {
        let (cuts, full) = dense.units(milliseconds, in: CorrelationUnits.range(first: unit.first, bits: 0))
        ranges += cuts
        overfull.formUnion(full)
        continue
      }
      if hops <= maximumHops || unit.bits == 0 {
        ranges.append(CorrelationUnits.range(first: unit.first, bits: unit.bits))
        continue
      }
      let middle = unit.first + 1 << Int64(unit.bits - 1)
      let cut = unit.counts.firstIndex { $0.slot >= middle } ?? unit.counts.endIndex
      open.append((middle, unit.bits - 1, unit.counts[cut...]))
      open.append((unit.first, unit.bits - 1, unit.counts[..<cut]))
    }
    self.ranges = ranges
  }

  /// Slots that a store's keys can name: 43 bits of milliseconds are fewer than `1 << 33` of them.
  private static let wholeBits = 33

  /// The slot of `StoreLimits.slotMilliseconds` since 1970 that an instant is in, microseconds since the epoch.
  static func slot(of instant: Int64) -> Int64 {
    max(0, instant) / (StoreLimits.slotMilliseconds * 1000)
  }

  private static func range(first: Int64, bits: Int) -> ClosedRange<Int64> {
    let unit = StoreLimits.slotMilliseconds * 1000
    let isFirst = first == 0
    let isLast = first + 1 << Int64(bits) == 1 << Int64(wholeBits)
    // What lies before 1970 or beyond the keys' range is in the outermost units.
    return
      (isFirst ? Int64.min / 2 : first * unit)...(isLast
      ? Int64.max / 2 : (first + 1 << Int64(bits)) * unit - 1)
  }
}

extension CorrelationUnits {
  /// Whether hops that wait can change what is known about a unit's.
  ///
  /// Any hop within the widest margin can; a connection only where it was open within the margins that the unit was
  /// correlated with: more connections never make these wider.
  /// `state`: nil where the unit was not correlated before.
  static func isTouched(_ unit: ClosedRange<Int64>, _ state: UnitState?, by work: PendingWork) -> Bool {
    guard let state else { return true }
    return work.ranges.contains { isTouched(unit, state, by: $0) }
  }

  /// Whether hops that were stored together, and wait, could change the links of a unit that was correlated.
  static func isTouched(
    _ unit: ClosedRange<Int64>, _ state: UnitState, by pending: PendingRange
  ) -> Bool {
    guard pending.id > state.seen else { return false }
    let widest = UnitMargins(before: margin, after: margin)
    let margins = pending.isOfConnections ? state.margins : widest
    return unit.lowerBound - margins.before <= pending.range.upperBound
      && pending.range.lowerBound - margins.after <= unit.upperBound
  }
}
