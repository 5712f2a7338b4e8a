internal import AccessLog

/// The state that the steps of `LegMatcher` hand on, in the order in which they run.
struct LegWork {
  let table: HopTable
  let clientConnections: Connections
  let serverConnections: Connections
  var clocks: ClockTable
  var links: LinkTable

  init(_ table: HopTable) {
    self.table = table
    clientConnections = Connections.ofClients(table)
    serverConnections = Connections.ofServers(table)
    clocks = ClockTable(table)
    links = LinkTable(count: table.hops.count)
  }

  /// Ids and addresses: what needs no statistics.
  mutating func joinExactly() {
    AddressJoin.linkServers(table, serverConnections, &links)
    let ids = RequestIDJoin(table)
    ids.fitClocks(&clocks)
    let shared = ids.linkSole(clocks, &links)
    if !shared.isEmpty {
      let resolver = SharedIDs(table, clientConnections, serverConnections, clocks, links)
      for key in shared {
        resolver.link(clients: Array(ids.clients(key)), servers: Array(ids.servers(key)), &links)
      }
    }
  }

  /// Sequences, bytes and times: what is left.
  mutating func joinByShape() {
    CarrierLinks.byAddress(table, clientConnections, clocks, &links)
    let triangle = triangle()
    CarrierLinks.byTriangle(table, triangle, &links)
  }

  private func triangle() -> Triangle {
    let servers = Stretches.ofServers(table, serverConnections, links, callers: clientConnections)
    return Triangle(table, clients: clientConnections, servers: servers, links, clocks)
  }

  func result() -> LegMatch {
    var out: [Link] = []
    for position in table.hops.indices {
      for (kind, column) in [(Link.Kind.parent, links.parent), (.via, links.carrier)] where column.target[position] >= 0 {
        out.append(Link(kind: kind, hop: table.hops[position].id, target: table[column.target[position]].id, confidence: Double(column.confidence[position]), evidence: Evidence(rawValue: column.evidence[position])))
      }
    }
    return LegMatch(links: out, reasons: [], carriers: [], clocks: [])
  }
}
