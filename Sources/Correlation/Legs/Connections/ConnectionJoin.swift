internal import AccessLog

/// Joins the lines that one TCP connection without requests has: its client's, its server's, and that of the proxy
/// between them.
///
/// Both ends log it once, when it closes. By the addresses that two of them share where there is no NAT; else by the
/// bytes that went through, which both ends count alike, and by its start and end (`ConnectionMatcher`).
struct ConnectionJoin {
  private let table: HopTable
  private let clocks: ClockTable
  private let repeated: RepeatedLines

  /// Connections from one address that a server's is compared with: those that began last before it.
  private static let compared = 64

  init(_ table: HopTable, _ clocks: ClockTable, _ repeated: RepeatedLines) {
    self.table = table
    self.clocks = clocks
    self.repeated = repeated
  }

  func link(_ links: inout LinkTable) {
    if table.clientConnections.isEmpty && table.serverConnections.isEmpty { return }
    linkCarriers(&links)
    linkDirect(&links)
    linkOverCarriers(&links)
    ConnectionMatcher(table, clocks).link(&links)
    shareCarriers(&links)
  }

  /// Carriers whose addresses a server's or a client's line names.
  private func linkCarriers(_ links: inout LinkTable) {
    let byUpstream = AddressJoin.Carriers.byUpstream(table)
    for server in table.serverConnections where table[server].downstreamRemote != 0 {
      let candidates = byUpstream(AddressJoin.upstreamKey(server: table[server]))
      set(server, candidates, at: table[server].start, &links)
    }
    let byDownstream = AddressJoin.Carriers(table) { hop in
      hop.downstreamRemote == 0
        ? nil : FlatKey(UInt64(bitPattern: hop.downstreamRemote), FlatKey.pack(0, hop.service), 0)
    }
    for client in table.clientConnections where table[client].upstreamLocal != 0 {
      let hop = table[client]
      let candidates = byDownstream(
        FlatKey(UInt64(bitPattern: hop.upstreamLocal), FlatKey.pack(0, hop.service), 0))
      guard let first = candidates.first else { continue }
      set(client, candidates, at: hop.start + clocks.pair(hop, table[first]).skew(at: hop.start), &links)
    }
  }

  private func set(
    _ hop: Int32, _ candidates: ArraySlice<Int32>, at time: Int64, _ links: inout LinkTable
  ) {
    if candidates.isEmpty { return }
    let carrier = AddressJoin.holder(of: time, among: candidates, repeated, table)
    if carrier >= 0 { links.carrier.set(hop, carrier, AddressJoin.confidence, [.address]) }
  }

  /// Servers that name the address from which a client called. Those that a ztunnel called for its app are for `Tunnels`.
  private func linkDirect(_ links: inout LinkTable) {
    var numbering = KeyNumbering(expecting: table.clientConnections.count)
    let groups = table.clientConnections.map { client -> Int32 in
      let own = table[client].upstreamLocal
      return own == 0 ? -1 : numbering.number(ConnectionJoin.key(own))
    }
    let order = table.clientConnections.indices.sorted {
      let (one, other) = (table.clientConnections[$0], table.clientConnections[$1])
      return (table[one].start, one) < (table[other].start, other)
    }
    let clients = Grouping(
      items: order.map { table.clientConnections[$0] }, groups: order.map { groups[$0] },
      count: numbering.count)
    for server in table.serverConnections where table[server].downstreamRemote != 0 {
      let group = numbering.find(ConnectionJoin.key(table[server].downstreamRemote))
      guard group >= 0 else { continue }
      guard let client = latest(clients[Int(group)], before: server, links) else { continue }
      links.link(
        server: server, client: client, confidence: AddressJoin.confidence, evidence: [.address], hops: table)
    }
  }

  /// Ports come back: of the connections from one address that which began last before a server's did.
  private func latest(_ clients: ArraySlice<Int32>, before server: Int32, _ links: LinkTable) -> Int32? {
    guard let first = clients.first else { return nil }
    let start = table[server].start - clocks.pair(table[first], table[server]).skew(at: table[first].start)
    let end = clients.partitioningIndex { table[$0].start > start + AddressJoin.slack }
    let near = clients[max(clients.startIndex, end - ConnectionJoin.compared)..<end]
    return near.last { isWithin(server, $0) && links.answeredBy[Int($0)] < 0 }
  }

  private static func key(_ address: Int64) -> FlatKey { FlatKey(UInt64(bitPattern: address), 0, 0) }

  /// Whether the server's side began while the client's was there.
  private func isWithin(_ server: Int32, _ client: Int32) -> Bool {
    let (one, other) = (table[client], table[server])
    let start = other.start - clocks.pair(one, other).skew(at: one.start)
    let isItself = client == server + 1 && one.traits.contains(.half) && other.traits.contains(.half)
    return !isItself
      && start >= one.start - AddressJoin.slack && start <= one.latestEnd + AddressJoin.slack
  }

  /// A carrier has one connection on either side.
  private func linkOverCarriers(_ links: inout LinkTable) {
    var clientOf: [Int32: Int32] = [:]
    for client in table.clientConnections where links.answeredBy[Int(client)] < 0 {
      if links.carrier.target[Int(client)] >= 0 { clientOf[links.carrier.target[Int(client)]] = client }
    }
    if clientOf.isEmpty { return }
    for server in table.serverConnections where links.parent.target[Int(server)] < 0 {
      guard let client = clientOf[links.carrier.target[Int(server)]] else { continue }
      links.link(
        server: server, client: client, confidence: AddressJoin.confidence, evidence: [.address], hops: table)
    }
  }

  /// A client whose server is known went over that one's carrier.
  private func shareCarriers(_ links: inout LinkTable) {
    for server in table.serverConnections {
      let client = links.parent.target[Int(server)]
      let carrier = links.carrier.target[Int(server)]
      guard client >= 0, carrier >= 0, links.carrier.target[Int(client)] < 0 else { continue }
      links.carrier.set(
        client, carrier,
        min(Double(links.parent.confidence[Int(server)]), CarrierLinks.ownConfidence),
        Evidence(rawValue: links.parent.evidence[Int(server)]).union(.address))
    }
  }
}
