internal import AccessLog
internal import TraceStore

/// How time is cut into pieces that are correlated one after the other, so that memory does not grow with the store.
///
/// The cuts depend on nothing but the hops' starts: time is halved at round places (stretches of 1.875 s times powers
/// of two, so that a minute holds whole pieces or a piece whole minutes) until a piece has few enough hops. So the
/// same hops are cut the same way however they came. Stretches that hold too many alone are cut on, down to milliseconds.
struct CorrelationUnits {
  static let maximumHops = CorrelationLimits.pieceHops
  static let margin = CorrelationLimits.margin

  /// Starts in microseconds since the epoch, in order; without gaps between pieces that hold hops.
  let ranges: [ClosedRange<Int64>]
  /// Those of a single millisecond that hold more hops than a piece may: they are linked part by part.
  private(set) var overfull: Set<ClosedRange<Int64>> = []

  /// - Parameters:
  ///   - counts: hops by stretch of `StoreLimits.stretchMilliseconds`, in order.
  ///   - dense: hops by millisecond, of the stretches that are to be cut on.
  ///   - maximumHops: of a piece.
  init(
    _ counts: [(stretch: Int64, hops: Int64)], dense: DenseCounts = DenseCounts(),
    maximumHops: Int64 = CorrelationUnits.maximumHops
  ) {
    var ranges: [ClosedRange<Int64>] = []
    var open: [(first: Int64, bits: Int, counts: ArraySlice<(stretch: Int64, hops: Int64)>)] = [
      (0, CorrelationUnits.wholeBits, counts[...])
    ]
    while let piece = open.popLast() {
      guard !piece.counts.isEmpty else { continue }
      let hops = piece.counts.reduce(0) { $0 + $1.hops }
      if piece.bits == 0, let milliseconds = dense.byStretch[piece.first] {
        let (cuts, full) = dense.pieces(milliseconds, in: CorrelationUnits.range(first: piece.first, bits: 0))
        ranges += cuts
        overfull.formUnion(full)
        continue
      }
      if hops <= maximumHops || piece.bits == 0 {
        ranges.append(CorrelationUnits.range(first: piece.first, bits: piece.bits))
        continue
      }
      let middle = piece.first + 1 << Int64(piece.bits - 1)
      let cut = piece.counts.firstIndex { $0.stretch >= middle } ?? piece.counts.endIndex
      open.append((middle, piece.bits - 1, piece.counts[cut...]))
      open.append((piece.first, piece.bits - 1, piece.counts[..<cut]))
    }
    self.ranges = ranges
  }

  /// Stretches that a store's keys can name: 43 bits of milliseconds are fewer than `1 << 33` of them.
  private static let wholeBits = 33

  /// The stretch of `StoreLimits.stretchMilliseconds` since 1970 that an instant is in, microseconds since the epoch.
  static func stretch(of instant: Int64) -> Int64 {
    max(0, instant) / (StoreLimits.stretchMilliseconds * 1000)
  }

  private static func range(first: Int64, bits: Int) -> ClosedRange<Int64> {
    let unit = StoreLimits.stretchMilliseconds * 1000
    let isFirst = first == 0
    let isLast = first + 1 << Int64(bits) == 1 << Int64(wholeBits)
    // What lies before 1970 or beyond the keys' range is in the outermost pieces.
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
    return work.stretches.contains { isTouched(unit, state, by: $0) }
  }

  /// The same of hops that were stored together.
  static func isTouched(
    _ unit: ClosedRange<Int64>, _ state: UnitState, by stretch: PendingWork.Stretch
  ) -> Bool {
    guard stretch.id > state.seen else { return false }
    let widest = UnitMargins(before: margin, after: margin)
    let margins = stretch.isOfConnections ? state.margins : widest
    return unit.lowerBound - margins.before <= stretch.range.upperBound
      && stretch.range.lowerBound - margins.after <= unit.upperBound
  }
}
