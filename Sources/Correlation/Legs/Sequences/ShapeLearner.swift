/// Learns a pair of mesh clusters' clock and delays: from links where there are enough, else from a correlogram.
struct ShapeLearner {
  /// Linked requests from which delays are learned rather than from the correlogram.
  static let enoughLinks = 100
  /// Microseconds around the correlogram's line within which pairs count as the same request at first.
  static let capture: Int64 = 40_000
  /// Correlograms along the log through which the drift is fitted.
  static let windows = 9
  /// Requests of a window, where there are enough for several, and those without which nothing is measured.
  static let windowRequests = 64
  static let fewestRequests = 4

  let table: HopTable
  let open: OpenHops
  /// Open client hops that succeeded, by client cluster, in time order.
  let clients: [Int32]
  let serverCluster: Int32
  /// Server hops that one client hop is compared with in a correlogram.
  let partnerLimit: Int
  let durations: OpenDurations
  let lines: MeasuredLines
  let work: ClockWork

  func model(_ clock: PairClock, linked: [(client: Int32, server: Int32)]) -> ShapeModel {
    let precision =
      linked.first.map { table[$0.client].startPrecision } ?? clients.first.map { table[$0].startPrecision }
      ?? 1000
    if linked.count >= ShapeLearner.enoughLinks {
      let fitted = ClockFit.fit(samples(linked))
      return learned(linked, ShapeModel(clock: fitted, precision: precision, slack: ShapeModel.jitter))
    }
    let found = clients.first.flatMap { first in
      lines.line(table[first].meshCluster, serverCluster, measure: line)
    }
    guard let line = found, let rough = rough(line) else {
      return ShapeModel(clock: clock, precision: precision, slack: ShapeModel.jitter)
    }
    let fitted = ClockFit.fit(samples(rough))
    return learned(rough, ShapeModel(clock: fitted, precision: precision, slack: ShapeModel.roughSlack))
  }

  private func learned(_ pairs: [(client: Int32, server: Int32)], _ model: ShapeModel) -> ShapeModel {
    var model = model
    for pair in pairs { model.learn(table[pair.client], table[pair.server]) }
    model.durations = durations.model(unitOf: model)
    model.freeze()
    return model
  }

  func samples(_ pairs: [(client: Int32, server: Int32)]) -> [ClockSample] {
    pairs.map { pair in
      let (client, server) = (table[pair.client], table[pair.server])
      return ClockSample(
        time: client.start, there: server.start - client.start, back: client.end - server.end)
    }
    .sorted { ($0.time, $0.there, $0.back) < ($1.time, $1.there, $1.back) }
  }

  /// The difference in start over time, as far as windows of the log agree about it.
  private func line() -> AnchorSearch.Line? {
    let windows = windows()
    guard let span = open.index.span(ofCluster: serverCluster), windows.count >= AnchorSearch.fewest else {
      return nil
    }
    return AnchorSearch(
      times: windows.map { table[clients[($0.lowerBound + $0.upperBound) / 2]].start },
      measure: { peak(windows[$0], center: $1, reach: $2) },
      covers: { window, offset in
        let first = table[clients[windows[window].lowerBound]].start + offset
        let last = table[clients[windows[window].upperBound - 1]].start + offset
        return span.overlaps(min(first, last)...max(first, last))
      }
    ).line()
  }

  /// Parts of the log that are measured each by itself: as many as have requests enough, halves where there are few.
  private func windows() -> [Range<Int>] {
    let most = max(AnchorSearch.fewest, clients.count / ShapeLearner.windowRequests)
    let count = min(ShapeLearner.windows, most)
    return (0..<count).map { part in
      let low = part * clients.count / count
      let high = (part + 1) * clients.count / count
      let middle = (low + high) / 2
      let size = min(Correlogram.clientLimit, high - low)
      return max(low, middle - size / 2)..<min(high, middle - size / 2 + size)
    }.filter { $0.count >= ShapeLearner.fewestRequests }
  }

  private func peak(_ window: Range<Int>, center: Int64, reach: Int64) -> Int64? {
    guard work.take(Int(2 * reach / Correlogram.binWidth)) else { return nil }
    var correlogram = Correlogram(center: center, reach: reach)
    var pairs = 0
    for client in clients[window] {
      let hop = table[client]
      let around = hop.start + center
      let places = near(hop, from: around - reach, to: around + reach, around: around)
      pairs += places.count
      if pairs > Correlogram.pairLimit { break }
      guard work.take(places.count) else { return nil }
      let partners = places.filter { open.index.durations[$0] <= hop.duration + 2_000 }.map {
        open.index.starts[$0]
      }
      correlogram.add(start: hop.start, partners: partners[...])
    }
    return correlogram.peak()
  }

  /// Places of server hops of this content in a span of time, at most `partnerLimit` around its middle.
  private func near(_ hop: Hop, from: Int64, to: Int64, around: Int64) -> Range<Int> {
    let all = open.index.range(ServerIndex.key(hop, cluster: serverCluster))
    let span = open.index.range(all, from: from, to: to)
    if span.count <= partnerLimit { return span }
    let middle = open.index.starts[span].partitioningIndex { $0 >= around }
    let low = max(span.lowerBound, middle - partnerLimit / 2)
    return low..<min(span.upperBound, low + partnerLimit)
  }

  /// The most server hops of one mesh cluster that a client hop is compared with, where there are `clusters` such clusters.
  static func partnerLimit(clusters: Int) -> Int { min(4_000, 16_000 / max(1, clusters)) }

  /// Pairs close to the line: nearly all of them the same request where contents differ, most where they do not.
  private func rough(
    _ line: AnchorSearch.Line
  ) -> [(client: Int32, server: Int32)]? {
    var pairs: [(client: Int32, server: Int32)] = []
    for client in clients {
      let hop = table[client]
      let expected =
        hop.start + Int64(line.offset + line.drift * Double(hop.start - line.reference) / 1e6)
      let places = near(
        hop, from: expected - ShapeLearner.capture, to: expected + ShapeLearner.capture, around: expected
      ).filter { open.index.durations[$0] <= hop.duration + 2_000 }
      let best = places.min {
        (abs(open.index.starts[$0] - expected), $0) < (abs(open.index.starts[$1] - expected), $1)
      }
      if let best { pairs.append((client, open.index.hops[best])) }
    }
    return pairs.count < 8 ? nil : pairs
  }
}
