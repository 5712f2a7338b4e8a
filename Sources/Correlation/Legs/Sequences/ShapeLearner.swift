/// Learns a pair of mesh clusters' clock and delays: from links where there are enough, else from a correlogram.
struct ShapeLearner {
  /// Linked requests from which delays are learned rather than from the correlogram.
  static let enoughLinks = 100
  /// Microseconds around the correlogram's line within which pairs count as the same request at first.
  static let capture: Int64 = 40_000
  /// What part of the clients' time servers' lines cover, at most, where their hops are measured and not the clients'.
  private static let shortSpan: Int64 = 2

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
      ClockSample(table[pair.client], table[pair.server])
    }
    .sorted { ($0.time, $0.there, $0.back) < ($1.time, $1.there, $1.back) }
  }

  /// The difference in start over time, as far as windows of the log agree about it.
  ///
  /// Where the other cluster's lines cover a small part of the time, that part is what can be measured: by its own hops.
  /// Where windows are too small for a peak to stand out, larger ones may do.
  private func line() -> AnchorSearch.Line? {
    guard let first = clients.first, let last = clients.last,
      let span = open.index.span(ofCluster: serverCluster)
    else { return nil }
    let (from, to) = (table[first].start, table[last].start)
    let byClients = differences(of: clients, open.index, cluster: serverCluster, end: .client)
    guard span.upperBound - span.lowerBound < (to - from) / ShapeLearner.shortSpan else {
      return byClients.line(other: span)
    }
    let servers = lines.servers(of: serverCluster, among: open.index.hops, table)
    let cluster = table[first].meshCluster
    let index = ServerIndex(
      table, clients, fields: [cluster: open.index.fields(ofCluster: serverCluster)])
    return differences(of: servers, index, cluster: cluster, end: .server)
      .line(other: from...to)
  }

  private func differences(
    of hops: [Int32], _ others: ServerIndex, cluster: Int32, end: StartDifferences.End
  ) -> StartDifferences {
    StartDifferences(
      table: table, hops: hops, others: others, otherCluster: cluster, end: end, partnerLimit: partnerLimit,
      work: work)
  }

  /// Pairs close to the line: nearly all of them the same request where contents differ, most where they do not.
  private func rough(
    _ line: AnchorSearch.Line
  ) -> [(client: Int32, server: Int32)]? {
    var pairs: [(client: Int32, server: Int32)] = []
    for client in clients {
      let hop = table[client]
      let expected =
        hop.start + Int64(line.offset + line.drift * Double(hop.start - line.reference) / 1e6)
      let all = open.index.range(open.index.key(hop, cluster: serverCluster))
      let places = open.index.nearest(
        all, from: expected - ShapeLearner.capture, to: expected + ShapeLearner.capture, around: expected,
        limit: partnerLimit
      ).filter { hop.duration < 0 || open.index.durations[$0] <= hop.duration + 2_000 }
      let best = places.min {
        (abs(open.index.starts[$0] - expected), $0) < (abs(open.index.starts[$1] - expected), $1)
      }
      if let best { pairs.append((client, open.index.hops[best])) }
    }
    return pairs.count < 8 ? nil : pairs
  }
}
