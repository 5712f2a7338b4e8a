internal import Queries
internal import TraceStore

/// What the mesh clusters' clocks are apart, so that a trace can be drawn on one of them.
struct PageClocks {
  private struct Pair: Hashable {
    var from: String
    var to: String
  }

  private struct Estimate {
    /// Microseconds since the epoch.
    var reference: Int64
    /// Microseconds, and how many more per second.
    var offset: Double
    var drift: Double
  }

  /// By pair of mesh clusters, in the order of time.
  private var estimates: [Pair: [Estimate]] = [:]

  /// Microseconds; what is less may be the way that a request takes.
  private static let leastOffset: Int64 = 2000

  /// - Throws: `StoreError`
  init(_ reader: StoreReader) throws {
    try reader.run(.clocks) { row in
      let pair = Pair(from: row.text(0) ?? "", to: row.text(1) ?? "")
      let estimate = Estimate(
        reference: row.integer(2) ?? 0, offset: row.double(3) ?? 0, drift: row.double(4) ?? 0)
      estimates[pair, default: []].append(estimate)
    }
  }

  /// How far the clock of one mesh cluster is ahead of another's at a time, in microseconds; 0 where that is not
  /// known, or hardly anything.
  func offset(of cluster: String, from reference: String, at time: Int64) -> Int64 {
    guard cluster != reference else { return 0 }
    let offset =
      value(Pair(from: reference, to: cluster), time)
      ?? value(Pair(from: cluster, to: reference), time).map { -$0 } ?? 0
    return offset.magnitude < PageClocks.leastOffset.magnitude ? 0 : offset
  }

  private func value(_ pair: Pair, _ time: Int64) -> Int64? {
    let nearest = estimates[pair]?.min { ($0.reference - time).magnitude < ($1.reference - time).magnitude }
    return nearest.map { estimate in
      let offset = estimate.offset + estimate.drift * Double(time &- estimate.reference) / 1_000_000
      return Int64(exactly: offset.rounded()) ?? 0
    }
  }
}
