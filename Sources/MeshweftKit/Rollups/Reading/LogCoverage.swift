internal import Queries
internal import TraceStore

/// How much of a stretch of time the logs cover: where they begin or end within it, the rest of it says nothing about load.
struct LogCoverage {
  private let reader: StoreReader
  private let window: LegTable.Window
  /// By moment: what `edge` found. The end of one bucket is the beginning of the next.
  private var known: (moment: Int64, edge: Edge)?

  /// A silence is a break of the logs where no log goes on behind it; shorter ones are none. Milliseconds.
  private static let breakMilliseconds: Int64 = 10_000
  /// Hops on either side of a silence that are asked for their log.
  private static let nearHops: Int64 = 1000
  /// Microseconds: what a single line covers.
  private static let least: Int64 = 1_000_000

  private struct Edge {
    /// Whether the logs go on over the moment.
    var isInside: Bool
    /// Starts of the nearest hops, milliseconds since the epoch; nil where there is none.
    var before, after: Int64?
  }

  init(_ reader: StoreReader, _ window: LegTable.Window) {
    self.reader = reader
    self.window = window
  }

  /// Microseconds of `bucket`, and of the window that was asked for, between the first and the last line; a second at least.
  /// - Throws: `StoreError`
  mutating func covered(_ bucket: Range<Int64>) throws -> Int64 {
    let from = max(bucket.lowerBound, window.since ?? .min)
    let to = min(bucket.upperBound, window.until ?? .max)
    let (first, last) = (try edge(from), try edge(to))
    let start = first.isInside ? from : first.after.map { $0 * 1000 } ?? from
    let end = last.isInside ? to : last.before.map { ($0 + 1) * 1000 } ?? to
    return max(1, min(to - from, max(LogCoverage.least, end - start)))
  }

  private mutating func edge(_ moment: Int64) throws -> Edge {
    if let known, known.moment == moment { return known.edge }
    // Keys hold 43 bits of milliseconds.
    let key = min(max(moment / 1000, 0), (1 << 43) - 1) << 20
    var edge = Edge(isInside: false)
    try reader.run(.coverageEdge, ["key": .integer(key)]) { row in
      edge.before = row.integer(0).map { $0 >> 20 }
      edge.after = row.integer(1).map { $0 >> 20 }
    }
    if let before = edge.before, let after = edge.after {
      edge.isInside = try after - before <= LogCoverage.breakMilliseconds || goOn(over: key)
    }
    known = (moment, edge)
    return edge
  }

  /// Whether a log has lines on both sides of a key.
  private func goOn(over key: Int64) throws -> Bool {
    func sources(_ side: String) throws -> Set<Int64> {
      var sources: Set<Int64> = []
      try reader.run(.coverageSources, [side: .integer(key), "limit": .integer(LogCoverage.nearHops)]) {
        row in
        sources.insert(row.number(0))
      }
      return sources
    }
    return try !sources("before").isDisjoint(with: sources("from"))
  }
}
