internal import TraceStore

/// What the mesh clusters' clocks are apart, so that a trace can be shown on one of them.
struct TraceClocks: Sendable {
  private struct Pair: Hashable {
    var from: String
    var to: String
  }

  /// By pair of mesh clusters, in the order of time.
  private var estimates: [Pair: [StoredClock]] = [:]
  /// By mesh cluster: those that it is compared with.
  private var neighbours: [String: [String]] = [:]

  /// Microseconds; what is less may be the way that a request takes.
  private static let leastOffset: Int64 = 2000

  /// No clock is known to be off.
  init() {}

  /// - Throws: `StoreError`
  init(_ reader: StoreReader) throws {
    for clock in try reader.clocks() {
      let pair = Pair(from: clock.clientMeshCluster, to: clock.serverMeshCluster)
      if estimates[pair] == nil {
        neighbours[pair.from, default: []].append(pair.to)
        neighbours[pair.to, default: []].append(pair.from)
      }
      estimates[pair, default: []].append(clock)
    }
  }

  /// How far the clock of one mesh cluster is ahead of another's at a time, in microseconds; 0 where that is not
  /// known, or no more than the uncertainty of knowing it. Clusters that no request went between are compared by way of
  /// others.
  func offset(of cluster: String, from reference: String, at time: Int64) -> Int64 {
    guard cluster != reference, !estimates.isEmpty else { return 0 }
    var offsets = [reference: Int64(0)]
    var next = [reference]
    while let place = next.popLast(), offsets[cluster] == nil {
      for neighbour in neighbours[place] ?? [] where offsets[neighbour] == nil {
        offsets[neighbour] = (offsets[place] ?? 0) &+ step(from: place, to: neighbour, time)
        next.insert(neighbour, at: 0)
      }
    }
    return offsets[cluster] ?? 0
  }

  /// Between two mesh clusters that requests went between.
  private func step(from place: String, to neighbour: String, _ time: Int64) -> Int64 {
    if let estimate = nearest(Pair(from: place, to: neighbour), time) { return value(estimate, time) }
    return nearest(Pair(from: neighbour, to: place), time).map { -value($0, time) } ?? 0
  }

  private func value(_ estimate: StoredClock, _ time: Int64) -> Int64 {
    let offset = estimate.offset(at: time)
    let least = max(Double(TraceClocks.leastOffset), estimate.uncertainty)
    return Double(offset).magnitude < least ? 0 : offset
  }

  private func nearest(_ pair: Pair, _ time: Int64) -> StoredClock? {
    estimates[pair]?.min { ($0.reference &- time).magnitude < ($1.reference &- time).magnitude }
  }
}
