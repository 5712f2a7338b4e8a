internal import AccessLog

/// Client connections ↔ server connections by the sequences of their requests, where ids do not tell.
///
/// A single request may fit ten others; twenty requests of one connection in a row fit one other connection.
/// Connections are paired by one assignment, in which each may also stay alone.
struct SequenceMatcher {
  /// Server connections that one client connection is aligned with.
  static let candidateLimit = 16
  /// Server hops that may vote for one client hop's connection.
  static let voteLimit = 48

  /// How much more than `Contest.temper` nats are worth where they come from few requests: what that takes off is for delays
  /// that requests of a connection have in common, and a single one has them with none.
  private static func worth(requests: Int) -> Double { 1 + singleRequest / Double(max(1, requests)) }
  private static let singleRequest = 0.8

  let table: HopTable
  let triangle: Triangle
  let open: OpenHops
  let models: ShapeTable

  /// A client run and a server run that may be one connection.
  struct Candidate {
    var row: Int
    var column: Int
    var score: Double
  }

  /// The requests of the best set of pairs of connections.
  func matches(_ links: LinkTable) -> [ConnectionPair] {
    let columnOf = columns()
    var candidates: [Candidate] = []
    for row in open.clientRuns.indices {
      for run in voted(open.clientRuns[row], links) where columnOf[Int(run)] >= 0 {
        let alignment = align(open.clientRuns[row], run, links)
        if alignment.score > 0 {
          let score = alignment.score * SequenceMatcher.worth(requests: alignment.pairs.count)
          candidates.append(Candidate(row: row, column: Int(columnOf[Int(run)]), score: score))
        }
      }
    }
    let verdicts = Contest(
      rows: open.clientRuns.count, columns: open.serverRuns.count,
      candidates.map { ($0.row, $0.column, $0.score) }
    ).verdicts()
    return verdicts.flatMap { pairs($0, links) }
  }

  /// A pair is right where the connections are one and it is right within them.
  private func pairs(_ verdict: Contest.Verdict, _ links: LinkTable) -> [ConnectionPair] {
    guard let both = aligner(open.clientRuns[verdict.row], open.serverRuns[verdict.column], links)
    else { return [] }
    var others: [Int32: Int32] = [:]
    if let rival = verdict.columnRival.place {
      let alignment = align(open.clientRuns[rival], open.serverRuns[verdict.column], links)
      for pair in alignment.pairs { others[pair.server] = pair.client }
    }
    return both.aligner.pairs(both.clients, keys: both.keys, both.servers).map { pair in
      var pair = pair
      pair.confidence *= verdict.confidence
      if pair.runnerUp < 0 || verdict.columnRival.margin < pair.margin, let other = others[pair.server] {
        (pair.runnerUp, pair.margin) = (other, verdict.columnRival.margin)
      }
      return pair
    }
  }

  /// The requests of two runs that are known to be one connection, as far as they are not linked yet.
  func pairs(client: Int32, server: Int32, _ links: LinkTable) -> [ConnectionPair] {
    guard let both = aligner(client, server, links) else { return [] }
    return both.aligner.pairs(both.clients, keys: both.keys, both.servers)
  }

  private func columns() -> [Int32] {
    var columnOf = [Int32](repeating: -1, count: triangle.servers.count)
    for (column, run) in open.serverRuns.enumerated() { columnOf[Int(run)] = Int32(column) }
    return columnOf
  }

  /// The server runs that most of this client run's hops could have gone to.
  private func voted(_ run: Int32, _ links: LinkTable) -> [Int32] {
    var votes: [Int32] = []
    for client in triangle.clients[Int(run)] where links.answeredBy[Int(client)] < 0 {
      for cluster in models.partners(of: table[client].meshCluster) { vote(client, cluster, &votes) }
    }
    votes.sort()
    var tally: [(count: Int, run: Int32)] = []
    for vote in votes {
      if tally.last?.run == vote { tally[tally.count - 1].count += 1 } else { tally.append((1, vote)) }
    }
    tally.sort { (-$0.count, $0.run) < (-$1.count, $1.run) }
    return tally.prefix(SequenceMatcher.candidateLimit).map(\.run)
  }

  private func vote(_ client: Int32, _ cluster: Int32, _ votes: inout [Int32]) {
    let hop = table[client]
    guard let model = models[hop.meshCluster, cluster] else { return }
    let all = open.index.range(open.index.key(hop, cluster: cluster))
    let skew = model.clock.skew(at: hop.start)
    let span = open.index.range(
      all, from: hop.start + skew - model.slack, to: hop.latestPossibleEnd + skew + model.slack)
    for place in span.prefix(SequenceMatcher.voteLimit) {
      let server = open.index.hops[place]
      if model.contains(hop, table[server]) { votes.append(triangle.servers.of[Int(server)]) }
    }
  }

  func align(_ client: Int32, _ server: Int32, _ links: LinkTable) -> Alignment {
    guard let both = aligner(client, server, links) else { return Alignment(score: 0, pairs: []) }
    var alignment = both.aligner.align(both.clients, keys: both.keys, both.servers)
    alignment.score += open.prior(service: table[both.clients[0]].service)
    return alignment
  }

  /// The hops of two runs that are not linked yet, and what compares them; nil where there are none.
  private func aligner(
    _ client: Int32, _ server: Int32, _ links: LinkTable
  ) -> (aligner: Aligner, clients: [Int32], keys: [UInt64], servers: [Int32])? {
    let clients = triangle.clients[Int(client)].filter { links.answeredBy[Int($0)] < 0 }
    let servers = triangle.servers[Int(server)].filter { open.serverKey[Int($0)] != 0 }
    guard let first = clients.first, let other = servers.first,
      let model = models[table[first].meshCluster, table[other].meshCluster]
    else { return nil }
    let cluster = table[other].meshCluster
    let keys = clients.map { open.index.key(table[$0], cluster: cluster) }
    return (Aligner(table: table, open: open, model: model), clients, keys, servers)
  }
}
