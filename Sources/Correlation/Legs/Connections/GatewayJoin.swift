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
  /// Microseconds by which requests are surely not within one another.
  private static let apart: Int64 = 50_000
  /// Microseconds by which the ways of the requests of one connection differ.
  private static let jitter: Int64 = 20_000
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
      for server in servers[id] { link(server, among: clients[id], others: servers[id], &links) }
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

  /// `others`: all server hops of the id.
  private mutating func link(
    _ server: Int32, among clients: ArraySlice<Int32>, others: ArraySlice<Int32>, _ links: inout LinkTable
  ) {
    let fitting = clients.filter { fits($0, server) && !isOthers($0, than: server, others) }
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

  private func namesHost(_ client: Int32, _ server: Int32) -> Bool {
    table[client].upstreamHost != 0 && table[client].upstreamHost == table[server].downstreamLocal
  }

  /// Whether what a client asked for is what another hop of its id was asked: an app that passes its id on calls others.
  private func isOthers(_ client: Int32, than server: Int32, _ servers: ArraySlice<Int32>) -> Bool {
    let asked = table[client].content
    if table[server].content == asked || isOneConnection(client, server) || namesHost(client, server) {
      return false
    }
    return servers.contains { $0 != server && table[$0].content == asked && fits(client, $0) }
  }

  private func isOuter(_ one: Int32, _ other: Int32) -> Bool {
    let (left, right) = (table[one], table[other])
    if left.duration != right.duration { return left.duration > right.duration }
    return (left.start, one) < (right.start, other)
  }

  private func isOneConnection(_ client: Int32, _ server: Int32) -> Bool {
    table[client].upstreamLocal != 0 && table[client].upstreamLocal == table[server].downstreamRemote
  }

  /// Whether of two callers one is rather the server's: the same connection, then who asked for the same, then gateways, then
  /// the innermost.
  private func isNearer(_ one: Int32, _ other: Int32, to server: Int32) -> Bool {
    let (left, right) = (isOneConnection(one, server), isOneConnection(other, server))
    if left != right { return left }
    let (first, second) = (namesHost(one, server), namesHost(other, server))
    if first != second { return first }
    let asked = table[server].content
    if (table[one].content == asked) != (table[other].content == asked) { return table[one].content == asked }
    let (near, far) = (outside(one, server), outside(other, server))
    if near != far { return near < far }
    if isHalf(one) != isHalf(other) { return isHalf(one) }
    return isInner(one, other)
  }

  /// By how much a server hop lies outside a client's, in steps that no estimate of clocks is wrong by; 0 where they are not known.
  private func outside(_ client: Int32, _ server: Int32) -> Int64 {
    let (one, other) = (table[client], table[server])
    let clock = clocks.pair(one, other)
    guard clock.isKnown else { return 0 }
    let began = other.start - clock.skew(at: one.start)
    return max(0, one.start - began, began + max(0, other.duration) - one.latestEnd) / GatewayJoin.apart
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

  /// The requests of one connection: as they came, one by one, where both ends have as many that are alike; else each server hop
  /// belongs to the client hop that asked for the same and holds it most tightly.
  private mutating func match(
    _ clients: ArraySlice<Int32>, _ servers: ArraySlice<Int32>, _ links: inout LinkTable
  ) {
    let free = inOrder(clients.filter { links.answeredBy[Int($0)] < 0 })
    let open = inOrder(servers.filter { links.parent.target[Int($0)] < 0 })
    if let ahead = self.ahead(free, open), isInTurn(free), isInTurn(open) {
      let confidence = isSure(free, ahead: ahead) ? RequestIDJoin.soleConfidence : GatewayJoin.equalConfidence
      for (client, server) in zip(free, open) where isLike(client, server, ahead: ahead) {
        links.link(
          server: server, client: client, confidence: confidence, evidence: [.address, .time], hops: table)
      }
    }
    matchOneByOne(free, open, &links)
  }

  private func inOrder(_ hops: some Sequence<Int32>) -> [Int32] {
    hops.sorted { (table[$0].start, $0) < (table[$1].start, $1) }
  }

  /// Whether each request begins when the one before has ended, as on a connection of HTTP/1.
  private func isInTurn(_ hops: [Int32]) -> Bool {
    zip(hops, hops.dropFirst()).allSatisfy { table[$0].end <= table[$1].start + GatewayJoin.precision }
  }

  /// Whether the requests at the other end, some time ahead, can be no others of the same connection: of which the first are
  /// missing in one log and the last in the other. They are not all alike, or that time is too short.
  private func isSure(_ clients: [Int32], ahead: Int64) -> Bool {
    let gaps = zip(clients, clients.dropFirst()).map { table[$1].start - table[$0].start }
    guard let shortest = gaps.min() else { return true }
    return 2 * abs(ahead) < shortest || Set(clients.map { table[$0].content }).count == clients.count
  }

  private mutating func matchOneByOne(_ clients: [Int32], _ servers: [Int32], _ links: inout LinkTable) {
    let ahead = self.ahead(clients, servers) ?? 0
    var free = clients.filter { links.answeredBy[Int($0)] < 0 }
    for server in servers where links.parent.target[Int(server)] < 0 {
      let place = free.partitioningIndex { table[$0].start > table[server].start - ahead }
      let near = free[max(0, place - GatewayJoin.compared)..<min(free.count, place + GatewayJoin.compared)]
      let ranked = near.filter { isLike($0, server, ahead: ahead) }
        .map { (client: $0, rank: rank($0, server, ahead: ahead)) }
        .sorted { ($0.rank, $0.client) < ($1.rank, $1.client) }
      guard let best = ranked.first else { continue }
      var confidence = RequestIDJoin.soleConfidence
      if ranked.count > 1 {
        let isClear =
          best.rank.miss < ranked[1].rank.miss
          || ranked[1].rank.excess - best.rank.excess >= GatewayJoin.clearExcess
        let isOther = best.rank.asksOther != ranked[1].rank.asksOther
        confidence =
          isOther
          ? GatewayJoin.contentConfidence
          : isClear ? GatewayJoin.tightConfidence : GatewayJoin.equalConfidence
      }
      links.link(
        server: server, client: best.client, confidence: confidence, evidence: [.address, .time], hops: table)
      if let taken = free.firstIndex(of: best.client) { free.remove(at: taken) }
    }
  }

  /// How far a client hop of a connection is from being the one that a server hop answers; the least is the nearest.
  private struct Rank: Comparable {
    /// 1 where it asked for something else.
    var asksOther: Int
    /// By how many precisions of times the server hop lies outside the client's.
    var miss: Int64
    /// Microseconds.
    var excess: Int64

    static func < (one: Rank, other: Rank) -> Bool {
      (one.asksOther, one.miss, one.excess) < (other.asksOther, other.miss, other.excess)
    }
  }

  private func rank(_ client: Int32, _ server: Int32, ahead: Int64) -> Rank {
    let (one, other) = (table[client], table[server])
    let began = other.start - ahead
    let miss = max(0, one.start - began, began + max(0, other.duration) - one.latestEnd)
    return Rank(
      asksOther: one.content == other.content ? 0 : 1, miss: miss / GatewayJoin.clearExcess,
      excess: excess(client, server))
  }

  /// Microseconds by which the callee's clock is ahead, as far as the requests of one connection tell: both ends have as many,
  /// which ask for the same one by one (or none does, where a path is rewritten), and all are about as far apart. Nil elsewhere.
  private func ahead(_ clients: [Int32], _ servers: [Int32]) -> Int64? {
    guard clients.count == servers.count, !clients.isEmpty else { return nil }
    var differences: [Int64] = []
    var alike = 0
    for (client, server) in zip(clients, servers) {
      let (one, other) = (table[client], table[server])
      if one.content == other.content { alike += 1 }
      guard one.bytesSent == other.bytesSent, one.responseCode == other.responseCode else { return nil }
      differences.append(other.start - one.start)
    }
    differences.sort()
    let median = differences[differences.count / 2]
    guard alike == 0 || alike == clients.count, abs(median) <= RequestIDJoin.maximumSkew,
      differences[differences.count - 1] - differences[0] <= GatewayJoin.jitter
    else { return nil }
    return median
  }

  /// Microseconds by which a client hop began before and ended after a server hop, together; clocks have no say in it.
  private func excess(_ client: Int32, _ server: Int32) -> Int64 {
    abs(table[client].duration - table[server].duration)
  }

  private func isLike(_ client: Int32, _ server: Int32, ahead: Int64) -> Bool {
    let (one, other) = (table[client], table[server])
    let began = other.start - ahead
    guard ahead != 0 || RequestIDJoin.fits(one, other, clocks), one.start <= began + RequestIDJoin.slack,
      one.latestEnd + RequestIDJoin.slack >= began
    else { return false }
    guard one.succeeded, other.succeeded else { return true }
    return one.responseCode == other.responseCode && one.bytesSent == other.bytesSent
      && one.bytesReceived == other.bytesReceived && other.duration <= one.duration + GatewayJoin.precision
  }
}
