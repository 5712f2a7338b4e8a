internal import AccessLog

/// Connections whose proxy logs them again and again while they live (`access_log_flush_interval`): the last line of one
/// need not be its end.
///
/// It is not where the proxy's own log ends before the next line was due. Where no proxy repeats itself, a line is the
/// end of its connection, and nothing is kept.
struct RepeatedLines {
  /// Microseconds by which lines may reach a file late (Envoy writes them out every 10 s).
  static let flush: Int64 = 15_000_000

  /// By position: microseconds beyond its line for which a connection may have gone on.
  private let beyond: [Int32: Int64]
  /// Whether any connection has several lines.
  let any: Bool

  init(_ table: HopTable) {
    let lasts = LastLines(table)
    any = !lasts.positions.isEmpty
    var beyond: [Int32: Int64] = [:]
    for last in lasts.positions {
      let pod = Int(table[last].pod) + 1
      let interval = lasts.interval[pod]
      if interval > 0, table[last].latestEnd + interval >= lasts.reach[pod] {
        // The line that was due may have been on its way to the file for some time.
        beyond[last] = interval + RepeatedLines.flush
      }
    }
    self.beyond = beyond
  }

  /// Until when the connection of a line may have lived, microseconds on the proxy's clock.
  func latestEnd(_ position: Int32, _ table: HopTable) -> Int64 {
    let end = table[position].latestEnd
    return beyond.isEmpty ? end : end + (beyond[position] ?? 0)
  }
}

/// The last line of each connection where some have several, and what repeats tell about each proxy.
private struct LastLines {
  private(set) var positions: [Int32] = []
  /// By pod + 1: the longest time from one line of a connection to its next, and the end of the latest line,
  /// microseconds.
  private(set) var interval: [Int64]
  private(set) var reach: [Int64]

  init(_ table: HopTable) {
    let pods = Int(table.proxies.lazy.map { table[$0].pod }.max() ?? -1) + 2
    interval = [Int64](repeating: 0, count: pods)
    reach = [Int64](repeating: .min, count: pods)
    let lines = table.proxies.filter { table[$0].upstreamLocal != 0 }
    var numbering = KeyNumbering(expecting: lines.count)
    let numbers = lines.map { numbering.number(LastLines.key(table[$0])) }
    if numbering.count == lines.count { return }
    let connections = Grouping(items: lines, groups: numbers, count: numbering.count)
    for connection in 0..<connections.count { add(connections[connection], table) }
  }

  private mutating func add(_ connection: ArraySlice<Int32>, _ table: HopTable) {
    let lines = connection.sorted { (table[$0].duration, $0) < (table[$1].duration, $1) }
    guard let last = lines.last else { return }
    let pod = Int(table[last].pod) + 1
    reach[pod] = max(reach[pod], table[last].end)
    for (line, next) in zip(lines, lines.dropFirst()) {
      interval[pod] = max(interval[pod], table[next].duration - table[line].duration)
    }
    // One that has a single line so far may be one that was logged when it began.
    positions.append(last)
  }

  private static func key(_ line: Hop) -> FlatKey {
    FlatKey(
      UInt64(bitPattern: line.downstreamRemote), UInt64(bitPattern: line.upstreamLocal),
      UInt64(bitPattern: line.start))
  }
}
