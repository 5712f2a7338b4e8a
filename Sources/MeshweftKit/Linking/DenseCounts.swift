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
