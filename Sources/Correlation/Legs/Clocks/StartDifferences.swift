internal import AccessLog

/// By how much one mesh cluster's clock is ahead of another's, as starts of requests show it: those of the hops of one end, in
/// windows, against those of all hops of the other end that they could be.
struct StartDifferences {
  /// Whose hops are in windows.
  enum End {
    case client
    case server
  }

  let table: HopTable
  /// Hops of one end, of one mesh cluster, in time order.
  let hops: [Int32]
  /// Hops of the other end, and their mesh cluster.
  let others: ServerIndex
  let otherCluster: Int32
  let end: End
  /// Hops that one hop is compared with.
  let partnerLimit: Int
  let work: ClockWork

  /// Windows along the log through which the drift is fitted.
  private static let windows = 9
  /// By how much fewer there are where none of so many shows a peak.
  private static let coarser = 3
  /// Hops of a window, where there are enough for several, and those without which nothing is measured.
  private static let windowHops = 64
  private static let fewestHops = 4
  /// Microseconds by which a server hop may last longer than its client hop.
  private static let slack: Int64 = 2_000
  /// Pairs, times drifts, up to which drifts are tried one by one.
  private static let driftPairs = 1 << 22

  /// `partnerLimit` for a client cluster of whose hops each is compared with those of so many server clusters.
  static func partnerLimit(clusters: Int) -> Int { min(4_000, 16_000 / max(1, clusters)) }

  /// The line that most windows agree about. `other`: from the first start at the other end to the last, on its clock.
  func line(other: ClosedRange<Int64>) -> AnchorSearch.Line? {
    let most = min(StartDifferences.windows, hops.count / StartDifferences.windowHops)
    let finest = max(AnchorSearch.fewest, most)
    let coarse = max(AnchorSearch.fewest, finest / StartDifferences.coarser)
    return search(windows(finest), other) ?? (coarse < finest ? search(windows(coarse), other) : nil)
  }

  private func search(_ windows: [Range<Int>], _ other: ClosedRange<Int64>) -> AnchorSearch.Line? {
    if windows.count < AnchorSearch.fewest { return nil }
    let line = AnchorSearch(
      times: windows.map { table[hops[($0.lowerBound + $0.upperBound) / 2]].start },
      measure: { peak(windows[$0], center: $1, reach: $2) },
      covers: { window, ahead in
        let first = table[hops[windows[window].lowerBound]].start + ahead
        let last = table[hops[windows[window].upperBound - 1]].start + ahead
        return other.overlaps(min(first, last)...max(first, last))
      }
    ).line()
    return end == .client ? line : line?.reversed()
  }

  /// Parts of the log that are measured each by itself.
  private func windows(_ count: Int) -> [Range<Int>] {
    (0..<count).map { part in
      let low = part * hops.count / count
      let high = (part + 1) * hops.count / count
      let middle = (low + high) / 2
      let size = min(Correlogram.clientLimit, high - low)
      return max(low, middle - size / 2)..<min(high, middle - size / 2 + size)
    }.filter { $0.count >= StartDifferences.fewestHops }
  }

  /// By how much the other end's clock is ahead of this one's in a window.
  private func peak(_ window: Range<Int>, center: Int64, reach: Int64) -> Int64? {
    guard work.take(Int(2 * reach / Correlogram.binWidth)) else { return nil }
    var correlogram = Correlogram(center: center, reach: reach)
    var partners: [ArraySlice<Int64>] = []
    var pairs = 0
    for hop in hops[window] {
      let found = starts(of: table[hop], center: center, reach: reach)
      pairs += found.looked
      if pairs > Correlogram.pairLimit { break }
      guard work.take(found.looked) else { return nil }
      correlogram.add(start: table[hop].start, partners: found.starts)
      partners.append(found.starts)
    }
    return correlogram.peak() ?? drifted(window, partners, pairs: pairs, center: center, reach: reach)
  }

  /// The line through starts where clocks drift apart by more than a peak is wide while the window lasts: few requests in a long time.
  private func drifted(
    _ window: Range<Int>, _ partners: [ArraySlice<Int64>], pairs: Int, center: Int64, reach: Int64
  ) -> Int64? {
    let width = Double(Correlogram.window) * Double(Correlogram.binWidth)
    let (first, last) = (table[hops[window.lowerBound]].start, table[hops[window.upperBound - 1]].start)
    let seconds = Double(last - first) / 1e6
    let middle = table[hops[(window.lowerBound + window.upperBound) / 2]].start
    let steps = Int(ClockFit.driftLimit * seconds / width)
    guard steps > 0, steps <= StartDifferences.driftPairs / max(1, 2 * pairs), work.take(2 * steps * pairs)
    else { return nil }
    var best: (place: Int64, strength: Double)?
    for step in -steps...steps {
      let drift = Double(step) * width / seconds
      var correlogram = Correlogram(center: center, reach: reach)
      for (hop, starts) in zip(hops[window], partners) {
        let shift = Int64(drift * Double(table[hop].start - middle) / 1e6)
        correlogram.add(start: table[hop].start + shift, partners: starts)
      }
      if let found = correlogram.strongest(), found.strength > best?.strength ?? Correlogram.significance {
        best = found
      }
    }
    return best?.place
  }

  /// Starts of hops at the other end that may be a hop's, and how many were looked at.
  private func starts(of hop: Hop, center: Int64, reach: Int64) -> (starts: ArraySlice<Int64>, looked: Int) {
    let around = hop.start + center
    let places = others.nearest(
      others.range(others.key(hop, cluster: otherCluster)), from: around - reach, to: around + reach,
      around: around, limit: partnerLimit)
    let fitting = places.filter {
      let (client, server) =
        end == .client ? (hop.duration, others.durations[$0]) : (others.durations[$0], hop.duration)
      return client <= 0 || server <= client + StartDifferences.slack
    }
    return (fitting.map { others.starts[$0] }[...], places.count)
  }
}
