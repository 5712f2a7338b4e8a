internal import AccessLog

/// Request ids that more than one hop of a kind has: an app that passes ids on called the service more than once, a
/// request was retried, the line of one end was lost.
///
/// Told apart by what the two ends log alike, by connection (other requests have shown which belong together) and by
/// time. One assignment per id, in which a server hop may stay alone: its client's line may be lost. Server hops left
/// over are attempts of retried requests if they look like it.
struct SharedIDs {
  private let table: HopTable
  private let clientConnections: Connections
  private let serverConnections: Connections
  private let clocks: ClockTable
  private let model: IDModel
  /// (client connection, server connection) pairs that ids have shown to be one.
  private var known: KeyNumbering
  /// By server connection: whether ids have shown whose it is.
  private var hasCaller: [Bool]

  /// Nats for two connections that other ids have shown to be one, and against any other pair of these.
  private static let sameConnection = 3.0
  private static let otherConnection = -6.0
  /// Nats for a further server hop of a request: one that failed is tried again, one that did not hardly ever.
  private static let failedAttempt = 2.0
  private static let goodAttempt = -7.0
  /// Nats that times may say against or for any of the calls that share an id.
  private static let timeLimits = -3.0...2.0
  /// No shared id is surer than this.
  private static let ceiling = 0.9995

  init(
    _ table: HopTable, _ clients: Connections, _ servers: Connections, _ clocks: ClockTable, _ model: IDModel,
    sole: [(client: Int32, server: Int32)]
  ) {
    self.table = table
    self.model = model
    self.clocks = clocks
    clientConnections = clients
    serverConnections = servers
    known = KeyNumbering(expecting: 1024)
    hasCaller = [Bool](repeating: false, count: servers.count)
    for pair in sole {
      guard let key = key(pair.client, pair.server) else { continue }
      _ = known.number(key)
      hasCaller[Int(servers.groupOf[Int(pair.server)])] = true
    }
  }

  private func key(_ client: Int32, _ server: Int32) -> FlatKey? {
    let one = clientConnections.groupOf[Int(client)]
    let other = serverConnections.groupOf[Int(server)]
    return one < 0 || other < 0 ? nil : FlatKey(FlatKey.pack(one, other), 0, 0)
  }

  /// Links the hops of one id.
  func link(clients: [Int32], servers: [Int32], _ links: inout LinkTable) {
    var scores: [(row: Int, column: Int, score: Double)] = []
    for (row, server) in servers.enumerated()
    where servers.count <= clients.count || !SharedIDs.mayBeRetried(table[server]) {
      scores += self.scores(clients, server).map { (row, $0.column, $0.score) }
    }
    let contest = Contest(rows: servers.count, columns: clients.count, scores)
    var open = Set(servers.indices)
    for verdict in contest.verdicts(temper: 1, ceiling: SharedIDs.ceiling) {
      open.remove(verdict.row)
      let server = servers[verdict.row]
      links.link(
        server: server, client: clients[verdict.column], confidence: verdict.confidence,
        evidence: [.requestID], hops: table)
      if let other = verdict.rowRival.place {
        links.contest(server, .parent, runnerUp: clients[other], margin: verdict.rowRival.margin)
      }
    }
    for row in open.sorted() { linkAttempt(servers[row], clients, &links) }
  }

  /// A further attempt goes to the client hop that it fits best, whoever else that has.
  private func linkAttempt(_ server: Int32, _ clients: [Int32], _ links: inout LinkTable) {
    var scores = clients.compactMap { client in attemptScore(client, server).map { (client, $0) } }
    scores.sort { ($1.1, $0.0) < ($0.1, $1.0) }
    guard let best = scores.first, best.1 > 0 else { return }
    let others = scores.dropFirst().reduce(Logarithm.exponential(-best.1)) { sum, other in
      sum + Logarithm.exponential(other.1 - best.1)
    }
    links.link(
      server: server, client: best.0, confidence: min(SharedIDs.ceiling, 1 / (1 + others)),
      evidence: [.requestID], hops: table)
    if scores.count > 1 {
      links.contest(server, .parent, runnerUp: scores[1].0, margin: best.1 - scores[1].1)
    }
  }

  /// For each client hop whose times allow it the nats for the server hop being its answer.
  ///
  /// Calls that share an id often begin together, and a slow moment delays any: times tell which of them is meant, but
  /// hardly whether any is. So the best one's count within `timeLimits`, the others' in comparison with it.
  private func scores(_ clients: [Int32], _ server: Int32) -> [(column: Int, score: Double)] {
    let other = table[server]
    var scores: [(column: Int, score: Double)] = []
    var bestTime: Double?
    for (column, client) in clients.enumerated() {
      let one = table[client]
      guard RequestIDJoin.fits(one, other, clocks) else { continue }
      var nats = model.prior + model.content(one, other)
      // Of a retried request the client names the last attempt's connection, and its times are those of all.
      if !SharedIDs.mayBeRetried(other), !one.flags.contains(.upstreamRetryLimitExceeded) {
        let time = model.times(one, other, clocks)
        bestTime = max(bestTime ?? time, time)
        nats += model.result(one, other) + time + connection(client, server)
      }
      scores.append((column, nats))
    }
    let limits = SharedIDs.timeLimits
    let excess = bestTime.map { $0 - min(limits.upperBound, max(limits.lowerBound, $0)) } ?? 0
    return scores.map { ($0.column, $0.score - excess) }
  }

  private func connection(_ client: Int32, _ server: Int32) -> Double {
    guard let key = key(client, server) else { return 0 }
    if known.find(key) >= 0 { return SharedIDs.sameConnection }
    return hasCaller[Int(serverConnections.groupOf[Int(server)])] ? SharedIDs.otherConnection : 0
  }

  private func attemptScore(_ client: Int32, _ server: Int32) -> Double? {
    let (one, other) = (table[client], table[server])
    guard RequestIDJoin.fits(one, other, clocks) else { return nil }
    let retried = SharedIDs.mayBeRetried(other) ? SharedIDs.failedAttempt : SharedIDs.goodAttempt
    return model.prior + model.content(one, other) + retried
  }

  /// Whether Envoy tries again what ended like this.
  private static func mayBeRetried(_ server: Hop) -> Bool { !server.succeeded || server.responseCode >= 500 }
}
