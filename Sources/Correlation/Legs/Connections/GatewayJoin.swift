internal import AccessLog

/// Links the hops around gateways by request id and by the addresses of one connection.
///
/// A request keeps its id from the caller through each gateway to the server, and its hops lie within each other: so a
/// hop's parent is the innermost that may be. What has nothing to do with gateways is left to `RequestIDJoin`.
struct GatewayJoin {
  private let table: HopTable
  private let clocks: ClockTable
  /// Hops that were linked here, at either end, and all halves: whose id says more than it does here it says nowhere.
  private(set) var linked: Set<Int32> = []

  /// Microseconds: durations are cut to whole milliseconds at either end.
  private static let precision: Int64 = 1_000
  /// Where several gateways come into question, and no address says which.
  private static let severalConfidence = 0.99
  /// Of requests of one connection that are alike: one holds the server's more tightly than the others by
  /// `clearExcess` microseconds, or not.
  private static let tightConfidence = 0.97
  private static let equalConfidence = 0.8
  private static let clearExcess: Int64 = 3_000
  private static let contentConfidence = 0.999
  /// Requests of one connection that began before and after a server's, with which it is compared: without ids all of a
  /// gateway's requests may be alike, and on one connection.
  private static let compared = 48

  init(_ table: HopTable, _ clocks: ClockTable) {
    self.table = table
    self.clocks = clocks
  }

  // MARK: ids

  /// Links by id. Without gateways it does nothing.
  mutating func byID(_ links: inout LinkTable) {
    guard table.hasGateways else { return }
    var numbering = KeyNumbering(expecting: 64)
    for position in table.servers where isHalf(position) && !table[position].requestID.isMissing {
      _ = numbering.number(GatewayJoin.key(table[position]))
    }
    let clients = grouped(table.clients, numbering)
    let servers = grouped(table.servers, numbering)
    for id in 0..<numbering.count {
      guard clients.range(id).count * servers.range(id).count <= RequestIDJoin.pairLimit else { continue }
      for server in servers[id] { link(server, among: clients[id], &links) }
    }
    linked.formUnion(table.servers.filter(isHalf))
    linked.formUnion(table.clients.filter(isHalf))
  }

  private func grouped(_ members: [Int32], _ numbering: KeyNumbering) -> Grouping {
    let groups = members.map { position -> Int32 in
      table[position].requestID.isMissing ? -1 : numbering.find(GatewayJoin.key(table[position]))
    }
    return Grouping(items: members, groups: groups, count: numbering.count)
  }

  private static func key(_ hop: Hop) -> FlatKey { FlatKey(hop.requestID.high, hop.requestID.low, 0) }

  private func isHalf(_ position: Int32) -> Bool { table[position].traits.contains(.half) }

  private mutating func link(_ server: Int32, among clients: ArraySlice<Int32>, _ links: inout LinkTable) {
    let fitting = clients.filter { fits($0, server) }
    guard isHalf(server) || fitting.contains(where: isHalf) else { return }
    let ranked = fitting.sorted { isNearer($0, $1, to: server) }
    guard let best = ranked.first else { return }
    let isAddressed = isOneConnection(best, server)
    var confidence = RequestIDJoin.soleConfidence
    if !isAddressed {
      let rivals = ranked.count { isHalf($0) == isHalf(best) && !isInner(best, $0) }
      confidence = rivals > 1 ? GatewayJoin.severalConfidence : GatewayJoin.contentConfidence
    }
    links.link(
      server: server, client: best, confidence: confidence,
      evidence: isAddressed ? [.requestID, .address] : [.requestID], hops: table)
    linked.insert(server)
    linked.insert(best)
  }

  /// Whether times and names allow it.
  private func fits(_ client: Int32, _ server: Int32) -> Bool {
    let (one, other) = (table[client], table[server])
    // The two halves of one gateway.
    if isHalf(server), isHalf(client), client == server + 1 { return false }
    guard other.service < 0 || one.service < 0 || one.service == other.service,
      RequestIDJoin.fits(one, other, clocks)
    else { return false }
    if isOneConnection(client, server) { return true }
    // Who names the callee's own address, and is named by another one, did not call it over this connection.
    if one.upstreamLocal != 0, one.upstreamHost != 0, one.upstreamHost == other.downstreamLocal {
      return true
    }
    if one.succeeded, other.succeeded, other.duration > one.duration + GatewayJoin.precision { return false }
    // Of two that may each be the other's caller the longer one is.
    return !isHalf(server) || !isHalf(client) || isOuter(client, server)
  }

  private func isOuter(_ one: Int32, _ other: Int32) -> Bool {
    let (left, right) = (table[one], table[other])
    if left.duration != right.duration { return left.duration > right.duration }
    return (left.start, one) < (right.start, other)
  }

  private func isOneConnection(_ client: Int32, _ server: Int32) -> Bool {
    table[client].upstreamLocal != 0 && table[client].upstreamLocal == table[server].downstreamRemote
  }

  /// Whether of two callers one is rather the server's: the same connection, then gateways, then the innermost.
  private func isNearer(_ one: Int32, _ other: Int32, to server: Int32) -> Bool {
    let (left, right) = (isOneConnection(one, server), isOneConnection(other, server))
    if left != right { return left }
    let (first, second) = (
      table[one].upstreamHost != 0 && table[one].upstreamHost == table[server].downstreamLocal,
      table[other].upstreamHost != 0 && table[other].upstreamHost == table[server].downstreamLocal
    )
    if first != second { return first }
    if isHalf(one) != isHalf(other) { return isHalf(one) }
    return isInner(one, other)
  }

  private func isInner(_ one: Int32, _ other: Int32) -> Bool {
    let (left, right) = (table[one], table[other])
    if left.duration != right.duration { return left.duration < right.duration }
    return (left.start, one) > (right.start, other)
  }

  // MARK: connections

  /// Links what ids left over, on connections of which a gateway is one end and both name the same addresses.
  mutating func byConnection(_ clients: Connections, _ servers: Connections, _ links: inout LinkTable) {
    guard table.hasGateways else { return }
    var numbering = KeyNumbering(expecting: servers.count)
    var groups: [Int32: [Int]] = [:]
    for group in 0..<servers.count {
      guard let first = servers.grouping[group].first, table[first].downstreamLocal != 0 else { continue }
      let key = FlatKey(
        UInt64(bitPattern: table[first].downstreamRemote), UInt64(bitPattern: table[first].downstreamLocal), 0
      )
      groups[numbering.number(key), default: []].append(group)
    }
    for group in 0..<clients.count {
      let callers = clients.grouping[group]
      guard let first = callers.first, table[first].upstreamHost != 0 else { continue }
      let key = FlatKey(
        UInt64(bitPattern: table[first].upstreamLocal), UInt64(bitPattern: table[first].upstreamHost), 0)
      let found = numbering.find(key)
      guard found >= 0 else { continue }
      for other in groups[found] ?? [] {
        let called = servers.grouping[other]
        guard isHalf(first) || called.first.map(isHalf) ?? false else { continue }
        match(callers, called, &links)
      }
    }
  }

  /// The requests of one connection: each server hop belongs to the client hop that holds it most tightly.
  private mutating func match(
    _ clients: ArraySlice<Int32>, _ servers: ArraySlice<Int32>, _ links: inout LinkTable
  ) {
    var free = clients.filter { links.answeredBy[Int($0)] < 0 }
      .sorted { (table[$0].start, $0) < (table[$1].start, $1) }
    for server in servers where links.parent.target[Int(server)] < 0 {
      let place = free.partitioningIndex { table[$0].start > table[server].start }
      let near = free[max(0, place - GatewayJoin.compared)..<min(free.count, place + GatewayJoin.compared)]
      let ranked = near.filter { isLike($0, server) }.sorted {
        (excess($0, server), $0) < (excess($1, server), $1)
      }
      guard let best = ranked.first else { continue }
      var confidence = RequestIDJoin.soleConfidence
      if ranked.count > 1 {
        let isClear = excess(ranked[1], server) - excess(best, server) >= GatewayJoin.clearExcess
        confidence = isClear ? GatewayJoin.tightConfidence : GatewayJoin.equalConfidence
      }
      links.link(
        server: server, client: best, confidence: confidence, evidence: [.address, .time], hops: table)
      if let taken = near.firstIndex(of: best) { free.remove(at: taken) }
    }
  }

  /// Microseconds by which a client hop began before and ended after a server hop, together; clocks have no say in it.
  private func excess(_ client: Int32, _ server: Int32) -> Int64 {
    abs(table[client].duration - table[server].duration)
  }

  private func isLike(_ client: Int32, _ server: Int32) -> Bool {
    let (one, other) = (table[client], table[server])
    guard RequestIDJoin.fits(one, other, clocks), one.start <= other.start + RequestIDJoin.slack,
      one.latestEnd + RequestIDJoin.slack >= other.start
    else { return false }
    guard one.succeeded, other.succeeded else { return true }
    return one.responseCode == other.responseCode && one.bytesSent == other.bytesSent
      && one.bytesReceived == other.bytesReceived && other.duration <= one.duration + GatewayJoin.precision
  }
}
