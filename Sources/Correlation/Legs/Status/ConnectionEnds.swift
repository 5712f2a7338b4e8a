internal import AccessLog

/// By when connections without a carrier's line had surely closed.
struct ConnectionEnds {
  let table: HopTable
  let triangle: Triangle
  let clocks: ClockTable
  private let clientConnections: Connections
  private let serverConnections: Connections
  private let carriers: AddressJoin.Carriers
  private let idle: IdleTimeouts
  /// By pod + 1: up to when its log tells all requests that began; its own clock.
  private let reach: [Int64]
  /// By service + 1: whether all its server hops came over HTTP/1. There what a client gives up closes its connection.
  private let isHTTP1: [Bool]

  /// Microseconds after an abandoned HTTP/1.1 request by which its connection has ended (221 of 221: 50 ms).
  static let closing: Int64 = 250_000

  init(
    _ table: HopTable, _ triangle: Triangle, _ clients: Connections, _ servers: Connections,
    _ links: LinkTable,
    _ clocks: ClockTable
  ) {
    self.table = table
    self.triangle = triangle
    self.clocks = clocks
    clientConnections = clients
    serverConnections = servers
    carriers = AddressJoin.Carriers.byUpstream(table)
    reach = ConnectionEnds.reach(table)
    idle = IdleTimeouts(table, links, reach: reach)
    isHTTP1 = ConnectionEnds.servicesOverHTTP1(table)
  }

  private static func servicesOverHTTP1(_ table: HopTable) -> [Bool] {
    let services = Int(table.hops.lazy.map(\.service).max() ?? -1) + 2
    var newest = [UInt8](repeating: 0, count: services)
    for hop in table.servers {
      let service = Int(table[hop].service) + 1
      newest[service] = max(newest[service], table[hop].httpVersion == 0 ? .max : table[hop].httpVersion)
    }
    return newest.map { $0 == 1 }
  }

  private static func reach(_ table: HopTable) -> [Int64] {
    let pods = Int(table.hops.lazy.map(\.pod).max() ?? -1) + 2
    var reach = [Int64](repeating: .min, count: pods)
    for hop in table.hops where hop.role != .proxy {
      reach[Int(hop.pod) + 1] = max(reach[Int(hop.pod) + 1], hop.start)
    }
    return reach
  }

  /// The latest instant at which the connection can have closed, microseconds on the clock of `wire.meshCluster`; nil
  /// where it may still be open. `ageLimit`: microseconds after which its proxy closes every connection.
  func closing(_ wire: Wire, ageLimit: Int64) -> Int64? {
    var known: [Int64?] = []
    if wire.clients >= 0 { known += clientEnd(wire) }
    if wire.servers >= 0 { known += serverEnd(wire) }
    if let silent = silence(wire) { known.append(silent) }
    if ageLimit < .max, let first = firstStart(wire) {
      known.append(first + Int64(Double(ageLimit) * ProxyLog.ageSlack) + ProxyLog.slack)
    }
    return known.compactMap { $0 }.min()
  }

  /// How far the logs of both ends reach, on the clock of `wire.meshCluster`.
  func reach(_ wire: Wire) -> Int64 {
    var latest = Int64.min
    if wire.servers >= 0, let hop = triangle.servers[Int(wire.servers)].first {
      latest = reach[Int(table[hop].pod) + 1]
    }
    if wire.clients >= 0, let hop = triangle.clients[Int(wire.clients)].first {
      latest = max(latest, time(reach[Int(table[hop].pod) + 1], of: table[hop], wire) ?? .min)
    }
    return latest
  }

  /// What the client's lines say: its port was used again, or it gave up a request.
  private func clientEnd(_ wire: Wire) -> [Int64?] {
    let hops = triangle.clients[Int(wire.clients)]
    guard let last = hops.last else { return [] }
    var ends: [Int64?] = []
    let next = Int(wire.clients) + 1
    if next < triangle.clients.count, let later = triangle.clients[next].first,
      clientConnections.groupOf[Int(later)] == clientConnections.groupOf[Int(last)]
    {
      ends.append(time(table[later].start, of: table[later], wire))
    }
    if endsConnection(client: table[last], wire) {
      ends.append(time(table[last].end + ConnectionEnds.closing, of: table[last], wire))
    }
    return ends
  }

  private func endsConnection(client hop: Hop, _ wire: Wire) -> Bool {
    if hop.flags.contains(.upstreamConnectionTermination) { return true }
    guard !hop.flags.isDisjoint(with: [.downstreamConnectionTermination, .upstreamRequestTimeout]) else {
      return false
    }
    guard wire.servers >= 0, let server = triangle.servers[Int(wire.servers)].first else {
      return isHTTP1[Int(hop.service) + 1]
    }
    return table[server].httpVersion == 1
  }

  /// What the server's lines say, and later carriers at the same addresses.
  private func serverEnd(_ wire: Wire) -> [Int64] {
    let hops = triangle.servers[Int(wire.servers)]
    guard let last = hops.last else { return [] }
    var ends: [Int64] = []
    let next = Int(wire.servers) + 1
    if next < triangle.servers.count, let later = triangle.servers[next].first,
      serverConnections.groupOf[Int(later)] == serverConnections.groupOf[Int(last)]
    {
      ends.append(table[later].start)
    }
    let hop = table[last]
    if hop.flags.contains(.downstreamConnectionTermination), hop.httpVersion == 1 {
      ends.append(hop.end + ConnectionEnds.closing)
    }
    let same = carriers(AddressJoin.upstreamKey(server: hop))
    let later = same.partitioningIndex { table[$0].start > hop.end }
    if later < same.endIndex { ends.append(table[same[later]].start) }
    return ends
  }

  /// When silence had lasted too long, where the log of either end tells that there was silence.
  private func silence(_ wire: Wire) -> Int64? {
    var lastEnd: Int64?
    for hop in wire.servers < 0 ? [] : triangle.servers[Int(wire.servers)] {
      lastEnd = max(lastEnd ?? .min, table[hop].end)
    }
    for hop in wire.clients < 0 ? [] : triangle.clients[Int(wire.clients)] {
      guard let end = time(table[hop].end, of: table[hop], wire) else { continue }
      lastEnd = max(lastEnd ?? .min, end)
    }
    guard let lastEnd, let hop = sample(wire), let bound = idle.bound(table[hop].service) else { return nil }
    let end = lastEnd + bound
    return reach(wire) >= end ? end : nil
  }

  private func firstStart(_ wire: Wire) -> Int64? {
    if wire.servers >= 0, let hop = triangle.servers[Int(wire.servers)].first { return table[hop].start }
    guard let hop = sample(wire) else { return nil }
    return time(table[hop].start, of: table[hop], wire)
  }

  private func sample(_ wire: Wire) -> Int32? {
    wire.servers >= 0
      ? triangle.servers[Int(wire.servers)].first
      : wire.clients >= 0 ? triangle.clients[Int(wire.clients)].first : nil
  }

  /// A time of a client's clock on the proxy's; nil where nobody knows how far these are apart.
  private func time(_ time: Int64, of client: Hop, _ wire: Wire) -> Int64? {
    if client.meshCluster == wire.meshCluster { return time }
    let clock = clocks[client.meshCluster, wire.meshCluster]
    return clock.isKnown ? time + clock.skew(at: time) : nil
  }
}
