internal import AccessLog
internal import TraceStore

/// Hops by millisecond in slots of time that hold more hops than a unit may.
struct DenseCounts {
  /// By the slot's number; in order. Hops count where their keys are.
  private(set) var bySlot: [Int64: [(millisecond: Int64, hops: Int64)]] = [:]

  /// Hops of a unit beyond which it is cut.
  private var most = CorrelationLimits.pieceHops

  init() {}

  init(_ bySlot: [Int64: [(millisecond: Int64, hops: Int64)]]) { self.bySlot = bySlot }

  /// Counts the hops of the slots that need it: it reads them.
  /// `counts`: by slot. `most`: hops of a unit.
  init(_ reader: StoreReader, _ counts: [(slot: Int64, hops: Int64)], most: Int64) throws {
    self.most = most
    for count in counts where count.hops > most {
      bySlot[count.slot] = try reader.hopCounts(byMillisecondOf: count.slot)
    }
  }

  /// Halves a slot until each unit has few enough hops, or is a millisecond.
  /// `range`: the whole slot's, to the outermost of which everything beyond belongs.
  /// - Returns: the units in order, and those of them that have too many hops all the same.
  func units(
    _ counts: [(millisecond: Int64, hops: Int64)], in range: ClosedRange<Int64>
  ) -> (units: [ClosedRange<Int64>], overfull: [ClosedRange<Int64>]) {
    guard let slot = counts.first.map({ $0.millisecond / StoreLimits.slotMilliseconds }) else {
      return ([], [])
    }
    let (begin, end) = (
      slot * StoreLimits.slotMilliseconds, (slot + 1) * StoreLimits.slotMilliseconds
    )
    var (units, overfull): ([ClosedRange<Int64>], [ClosedRange<Int64>]) = ([], [])
    var open = [(first: begin, end: end, counts: counts[...])]
    while let unit = open.popLast() {
      guard !unit.counts.isEmpty else { continue }
      let hops = unit.counts.reduce(0) { $0 + $1.hops }
      if hops <= most || unit.end - unit.first == 1 {
        let first = unit.first == begin ? range.lowerBound : unit.first * 1000
        let last = unit.end == end ? range.upperBound : unit.end * 1000 - 1
        units.append(first...last)
        if hops > most { overfull.append(first...last) }
        continue
      }
      let middle = (unit.first + unit.end) / 2
      let cut = unit.counts.firstIndex { $0.millisecond >= middle } ?? unit.counts.endIndex
      open.append((middle, unit.end, unit.counts[cut...]))
      open.append((unit.first, middle, unit.counts[..<cut]))
    }
    return (units, overfull)
  }
}
