internal import AccessLog

/// Request ids that several client hops of one service share: an app that passes ids on called the service
/// more than once, at once or in turn.
///
/// Told apart by connection first (other requests have shown which connections belong together), then by content,
/// then by time. One assignment per id; server hops left over are attempts of retried requests.
struct SharedIDs {
  private let table: HopTable
  private let clientConnections: Connections
  private let serverConnections: Connections
  private let clocks: ClockTable
  /// (client connection, server connection) pairs that ids have shown to be one.
  private var known: KeyNumbering

  init(
    _ table: HopTable, _ clients: Connections, _ servers: Connections, _ clocks: ClockTable,
    _ links: LinkTable
  ) {
    self.table = table
    clientConnections = clients
    serverConnections = servers
    self.clocks = clocks
    known = KeyNumbering(expecting: 1024, seed: table.seed)
    for client in table.clients where links.answeredBy[Int(client)] >= 0 {
      if let key = key(client, links.answeredBy[Int(client)]) { _ = known.number(key) }
    }
  }

  private func key(_ client: Int32, _ server: Int32) -> FlatKey? {
    let one = clientConnections.groupOf[Int(client)]
    let other = serverConnections.groupOf[Int(server)]
    return one < 0 || other < 0 ? nil : FlatKey(FlatKey.pack(one, other), 0, 0)
  }

  /// The log odds that `sharedConfidence` stands for: what speaks against the runner-up.
  private static let margin = Logarithm.natural(
    RequestIDJoin.sharedConfidence / (1 - RequestIDJoin.sharedConfidence))

  func link(clients: [Int32], servers: [Int32], _ links: inout LinkTable) {
    let fits = servers.map { server in clients.map { cost($0, server) } }
    var costs = LegAssignment(rows: servers.count, columns: clients.count)
    for row in servers.indices {
      for (column, cost) in fits[row].enumerated() {
        if let cost { costs.add(row: row, column: column, cost: cost) }
      }
    }
    let chosen = costs.solve()
    for (row, server) in servers.enumerated() {
      // A further attempt of a request goes to the client hop that it fits best, whoever else that has.
      guard let column = chosen[row] ?? best(fits[row], besides: nil) else { continue }
      links.link(
        server: server, client: clients[column], confidence: RequestIDJoin.sharedConfidence,
        evidence: [.requestID], hops: table)
      if let other = best(fits[row], besides: column) {
        links.contest(server, .parent, runnerUp: clients[other], margin: SharedIDs.margin)
      }
    }
  }

  /// The column of the least cost, of those that are allowed.
  private func best(_ costs: [Double?], besides taken: Int?) -> Int? {
    costs.indices.compactMap { column in column == taken ? nil : costs[column].map { (column, $0) } }
      .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
  }

  /// Milliseconds of misfit, below zero for what speaks for the pair; nil where the times forbid it.
  private func cost(_ client: Int32, _ server: Int32) -> Double? {
    let one = table[client]
    let other = table[server]
    guard RequestIDJoin.fits(one, other, clocks) else { return nil }
    let clock = clocks.pair(one, other)
    var cost = -100_000.0
    if let key = key(client, server), known.find(key) >= 0 { cost -= 10_000 }
    if one.content != other.content { cost += 1_000 }
    if one.responseCode != other.responseCode { cost += 500 }
    if one.bytesSent != other.bytesSent || one.bytesReceived != other.bytesReceived { cost += 500 }
    let there = other.start - clock.skew(at: one.start) - one.start
    let back = one.end - other.end + clock.skew(at: one.start)
    cost += abs(Double(there) - clock.halfRoundTrip) / 1000 + abs(Double(back) - clock.halfRoundTrip) / 1000
    return cost
  }
}
