internal import AccessLog
internal import TraceStore

/// Hops by millisecond in stretches of time that hold more hops than a piece may.
struct DenseCounts {
  /// By the stretch's number; in order. Hops count where their keys are.
  private(set) var byStretch: [Int64: [(millisecond: Int64, hops: Int64)]] = [:]

  /// Hops of a piece beyond which it is cut.
  private var most = CorrelationLimits.pieceHops

  init() {}

  init(_ byStretch: [Int64: [(millisecond: Int64, hops: Int64)]]) { self.byStretch = byStretch }

  /// Counts the hops of the stretches that need it: it reads them.
  /// `counts`: by stretch. `most`: hops of a piece.
  init(_ reader: StoreReader, _ counts: [(stretch: Int64, hops: Int64)], most: Int64) throws {
    self.most = most
    for count in counts where count.hops > most {
      byStretch[count.stretch] = try reader.hopCounts(byMillisecondOf: count.stretch)
    }
  }

  /// Halves a stretch until each piece has few enough hops, or is a millisecond.
  /// `range`: the whole stretch's, to the outermost of which everything beyond belongs.
  /// - Returns: the pieces in order, and those of them that have too many hops all the same.
  func pieces(
    _ counts: [(millisecond: Int64, hops: Int64)], in range: ClosedRange<Int64>
  ) -> (pieces: [ClosedRange<Int64>], overfull: [ClosedRange<Int64>]) {
    guard let stretch = counts.first.map({ $0.millisecond / StoreLimits.stretchMilliseconds }) else {
      return ([], [])
    }
    let (begin, end) = (
      stretch * StoreLimits.stretchMilliseconds, (stretch + 1) * StoreLimits.stretchMilliseconds
    )
    var (pieces, overfull): ([ClosedRange<Int64>], [ClosedRange<Int64>]) = ([], [])
    var open = [(first: begin, end: end, counts: counts[...])]
    while let piece = open.popLast() {
      guard !piece.counts.isEmpty else { continue }
      let hops = piece.counts.reduce(0) { $0 + $1.hops }
      if hops <= most || piece.end - piece.first == 1 {
        let first = piece.first == begin ? range.lowerBound : piece.first * 1000
        let last = piece.end == end ? range.upperBound : piece.end * 1000 - 1
        pieces.append(first...last)
        if hops > most { overfull.append(first...last) }
        continue
      }
      let middle = (piece.first + piece.end) / 2
      let cut = piece.counts.firstIndex { $0.millisecond >= middle } ?? piece.counts.endIndex
      open.append((middle, piece.end, piece.counts[cut...]))
      open.append((piece.first, middle, piece.counts[..<cut]))
    }
    return (pieces, overfull)
  }
}

/// How far around a cut in time hops are looked at at most: `CorrelationLimits.margin`, or as far as
/// `CorrelationLimits.marginHops` reach, so that memory does not follow density. Depends on counts alone.
struct MarginReach {
  private struct Entry {
    /// Microseconds since the epoch; the end is not in it.
    var start: Int64
    var end: Int64
    var hops: Int64
  }

  private var entries: [Entry] = []

  init(_ counts: [(stretch: Int64, hops: Int64)] = [], dense: DenseCounts = DenseCounts()) {
    let length = StoreLimits.stretchMilliseconds * 1000
    for count in counts {
      guard let milliseconds = dense.byStretch[count.stretch] else {
        entries.append(
          Entry(start: count.stretch * length, end: (count.stretch + 1) * length, hops: count.hops))
        continue
      }
      for entry in milliseconds {
        entries.append(
          Entry(start: entry.millisecond * 1000, end: (entry.millisecond + 1) * 1000, hops: entry.hops))
      }
    }
  }

  /// Microseconds before a cut.
  func before(_ cut: Int64) -> Int64 {
    var sum: Int64 = 0
    for place in (0..<place(ofStartsFrom: cut)).reversed() {
      let entry = entries[place]
      if entry.start < cut - CorrelationLimits.margin { break }
      if let part = part(of: entry, after: sum) {
        return min(CorrelationLimits.margin, max(0, cut - entry.end) + part)
      }
      sum += entry.hops
    }
    return CorrelationLimits.margin
  }

  /// Microseconds from a cut on.
  func after(_ cut: Int64) -> Int64 {
    var sum: Int64 = 0
    for entry in entries[place(ofStartsFrom: cut)...] {
      if entry.end > cut + CorrelationLimits.margin { break }
      if let part = part(of: entry, after: sum) {
        return min(CorrelationLimits.margin, max(0, entry.start - cut) + part)
      }
      sum += entry.hops
    }
    return CorrelationLimits.margin
  }

  /// Microseconds of an entry that may still be looked at; nil where all of it may. A millisecond is not cut.
  private func part(of entry: Entry, after sum: Int64) -> Int64? {
    let left = CorrelationLimits.marginHops - sum
    if entry.hops <= left { return nil }
    return entry.end - entry.start <= 1000 ? 0 : (entry.end - entry.start) * left / entry.hops
  }

  private func place(ofStartsFrom cut: Int64) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].start < cut { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
