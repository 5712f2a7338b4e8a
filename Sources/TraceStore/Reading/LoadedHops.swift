internal import AccessLog
package import Correlation

/// Hops as correlation wants them, and what their indices mean.
package struct LoadedHops: Sendable {
  /// By start, then source and line: an order that does not depend on how they came in.
  package var hops: [Hop] = []
  /// Sorted.
  package var meshClusters: [String] = []
  /// `host:port`; sorted.
  package var services: [String] = []
  /// For each pod the `source.id` of the first of its logs. Pods are sorted by `mesh cluster/namespace/pod`, or the log's
  /// name where no pod is known; workloads by `mesh cluster/namespace/workload`.
  package var podSources: [Int64] = []
  /// For each pod its mesh cluster, -1 where not known.
  package var podClusters: [Int32] = []
  /// Which pod had which address when.
  package var hosts = HostLives()
  /// For each service the `text.id` of its host, and its port (0 where missing).
  package var serviceIDs: [(host: Int64, port: Int64)] = []
  /// Of the addresses and services of these hops, where ztunnels are among them.
  package var tunnelNames = TunnelNames()
  /// Names connections as the database's rollups do.
  package var connections = ConnectionHash.ofProcess

  /// The address behind an address key, as the store keeps it.
  package func storedAddress(_ key: Int64) -> Int64 {
    key >= 0 ? key : 0 - (key & (Hop.readableAddress - 1))
  }
}

extension LoadedHops {
  /// By start; hops that start at once by their lines.
  fileprivate static func inOrder(_ hops: [Hop], _ lines: [Int64: HopLine]) -> [Hop] {
    hops.map { (hop: $0, line: lines[$0.id] ?? HopLine(source: -1, line: 0)) }
      .sorted {
        ($0.hop.start, $0.line.source, $0.line.line, $0.hop.id)
          < ($1.hop.start, $1.line.source, $1.line.line, $1.hop.id)
      }.map(\.hop)
  }
}

extension StoreReader {
  /// Loads hops whose start lies in a range, or all of them; before them the connections of 15 s and more that were
  /// open when the range began. About 200 bytes per hop.
  ///
  /// The order in which lines were stored does not matter to the hops, but for `Hop.id` where two hops wanted the same key.
  /// - Parameter range: of starts, microseconds since the epoch.
  /// - Returns: the hops, and the names that their indices stand for.
  /// - Throws: `StoreError`.
  package func loadHops(startingIn range: ClosedRange<Int64>? = nil) throws -> LoadedHops {
    try snapshot {
      let feed = try HopFeed(self)
      var long: [Hop] = []
      var hops: [Hop] = []
      if let range {
        try feed.appendLong(openAt: range.lowerBound, startedBefore: range.lowerBound, to: &long)
      }
      try feed.append(startingIn: range ?? .min / 2 ... .max / 2, to: &hops)
      assert(range.map { range in long.allSatisfy { $0.start < range.lowerBound } } ?? long.isEmpty)
      // The long ones may lie anywhere before the range, the others lie side by side.
      var lines: [Int64: HopLine] = [:]
      for hop in long { try feed.lines(ofKeys: hop.id...hop.id, into: &lines) }
      if let first = hops.first, let last = hops.last {
        try feed.lines(ofKeys: first.id...last.id, into: &lines)
      }
      return feed.loaded(LoadedHops.inOrder(long, lines) + LoadedHops.inOrder(hops, lines))
    }
  }

  /// How many hops there are in each millisecond of a slot; by the millisecond since 1970. It reads them.
  package func hopCounts(byMillisecondOf slot: Int64) throws -> [(millisecond: Int64, hops: Int64)] {
    var counts: [(millisecond: Int64, hops: Int64)] = []
    let first = slot * StoreLimits.slotMilliseconds
    let keys = first << HopKey.hashBits..<(first + StoreLimits.slotMilliseconds) << HopKey.hashBits
    let sql =
      "SELECT id >> \(HopKey.hashBits), count(*) FROM hop WHERE id >= :first AND id < :end GROUP BY 1 ORDER BY 1"
    try rows(sql, ["first": .integer(keys.lowerBound), "end": .integer(keys.upperBound)]) { row in
      counts.append((row.number(0), row.number(1)))
    }
    return counts
  }

  /// How many hops there are in each slot of `StoreLimits.slotMilliseconds`, by the slot's number since 1970;
  /// empty ones are left out. A hop counts where its key is, which collisions may have moved by some milliseconds.
  /// `first`: the first slot.
  package func hopCounts(from first: Int64 = .min) throws -> [(slot: Int64, hops: Int64)] {
    var counts: [(slot: Int64, hops: Int64)] = []
    let sql = "SELECT stretch, hops FROM hop_count WHERE stretch >= :first ORDER BY stretch"
    try rows(sql, ["first": .integer(first)]) { row in
      counts.append((row.integer(0) ?? 0, row.integer(1) ?? 0))
    }
    return counts
  }
}

extension HopKey {
  /// Milliseconds that collisions may have moved a key: 64 full milliseconds of a million hops each.
  private static let slack: Int64 = 64
  /// What the keys of hops at either end of a range may differ from it by; those further inside surely start in it.
  static let reach: Int64 = (2 * slack + 2) << hashBits

  /// Keys that hops with these starts can have.
  static func range(ofStarts range: ClosedRange<Int64>?) -> ClosedRange<Int64> {
    guard let range else { return Int64.min...Int64.max }
    let first = min(millisecond(ofStart: clamped(range.lowerBound)), lastMillisecond - slack)
    let last = min(millisecond(ofStart: clamped(range.upperBound)) + slack, lastMillisecond)
    return first << hashBits...(last << hashBits | hashMask)
  }
}
