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

  func link(clients: [Int32], servers: [Int32], _ links: inout LinkTable) {
    var costs = LegAssignment(rows: servers.count, columns: clients.count)
    for (row, server) in servers.enumerated() {
      for (column, client) in clients.enumerated() {
        if let cost = cost(client, server) { costs.add(row: row, column: column, cost: cost) }
      }
    }
    let chosen = costs.solve()
    for (row, server) in servers.enumerated() {
      guard let column = chosen[row] ?? best(for: server, among: clients) else { continue }
      links.link(
        server: server, client: clients[column], confidence: RequestIDJoin.sharedConfidence,
        evidence: [.requestID], hops: table)
    }
  }

  /// The client hop that a further attempt fits best, whoever else it has.
  private func best(for server: Int32, among clients: [Int32]) -> Int? {
    clients.indices.compactMap { column in cost(clients[column], server).map { (column, $0) } }
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
