internal import AccessLog

/// What addresses say about ways: whose they are, and where other requests to them went.
///
/// A sidecar that calls another one without a proxy in between either names the callee's own address, or is named by
/// it: a destination NAT changes the one, a source NAT the other, and only a proxy (or both at once) changes both.
struct Border {
  /// Requests that were seen to go straight, and through a proxy.
  private struct Tally {
    var direct = 0
    var border = 0
    var passage: Passage { direct == border ? .unknown : direct > border ? .direct : .border }
  }

  /// Istio's default for the port of cross-network gateways; those that the proxies log come on top.
  static let defaultPort: Int64 = 15_443

  private let table: HopTable
  /// (service, address) that server hops name as their own.
  private var served: KeyNumbering
  /// (mesh cluster, address) that clients call; (mesh cluster, IP address) that servers are called from.
  private var hosts = KeyNumbering(expecting: 64)
  private var hostTallies: [Tally] = []
  private var peers = KeyNumbering(expecting: 64)
  private var peerTallies: [Tally] = []
  /// Places in `peers` of addresses that proxies call from.
  private var proxyPeers: Set<Int32> = []
  private var proxyPorts: Set<Int64> = [Border.defaultPort]
  private var proxiedServices: Set<Int32> = []

  /// Looks at all hops; what is linked tells about what is not.
  init(_ table: HopTable, _ links: LinkTable) {
    self.table = table
    served = KeyNumbering(expecting: 64)
    for hop in table.servers where table[hop].downstreamLocal != 0 {
      _ = served.number(Border.key(table[hop].service, table[hop].downstreamLocal))
    }
    for hop in table.proxies { learnProxy(table[hop]) }
    for hop in table.clients {
      if links.carrier.target[Int(hop)] >= 0 { count(host: table[hop], .border) }
      if let own = AddressKey.ip(table[hop].upstreamLocal) {
        count(peer: table[hop].meshCluster, own, .direct)
      }
    }
    for hop in table.servers {
      let client = links.parent.target[Int(hop)]
      guard client >= 0 else { continue }
      let passage = between(table[client], table[hop])
      count(host: table[client], passage)
      if let peer = AddressKey.ip(table[hop].downstreamRemote) {
        count(peer: table[hop].meshCluster, peer, passage)
      }
    }
  }

  private mutating func learnProxy(_ proxy: Hop) {
    proxiedServices.insert(proxy.service)
    if let port = AddressKey.port(proxy.downstreamLocal) { proxyPorts.insert(port) }
    if let own = AddressKey.ip(proxy.upstreamLocal) {
      count(peer: proxy.meshCluster, own, .border)
      proxyPeers.insert(peers.find(Border.key(proxy.meshCluster, own)))
    }
    if proxy.downstreamLocal != 0 { count(host: proxy.meshCluster, proxy.downstreamLocal, .border) }
  }

  /// How a request went that both ends logged; each of several attempts went its own way, but all the same kind.
  func between(_ client: Hop, _ server: Hop) -> Passage {
    if client.upstreamHost == 0 || client.upstreamLocal == 0 { return .unknown }
    if server.downstreamLocal == 0 || server.downstreamRemote == 0 { return .unknown }
    if client.upstreamHost == server.downstreamLocal || client.upstreamLocal == server.downstreamRemote {
      return .direct
    }
    return isServed(client) ? .direct : .border
  }

  /// The way of a client hop whose other end is not known.
  func passage(ofClient hop: Hop) -> Passage {
    if hop.upstreamHost == 0 { return .unknown }
    if isServed(hop) { return .direct }
    let place = hosts.find(Border.key(hop.meshCluster, hop.upstreamHost))
    if place >= 0, hostTallies[Int(place)].passage != .unknown { return hostTallies[Int(place)].passage }
    if let port = AddressKey.port(hop.upstreamHost) { return proxyPorts.contains(port) ? .border : .unknown }
    return proxiedServices.contains(hop.service) ? .border : .unknown
  }

  /// How a request went that both ends logged, where they do not tell by one of them.
  func between(_ client: Hop, _ server: Hop, or own: Hop) -> Passage {
    let passage = between(client, server)
    if passage != .unknown { return passage }
    return own.role == .server ? self.passage(ofServer: own) : self.passage(ofClient: own)
  }

  /// The way of a server hop whose other end is not known.
  func passage(ofServer hop: Hop) -> Passage {
    guard let peer = AddressKey.ip(hop.downstreamRemote) else { return .unknown }
    let place = peers.find(Border.key(hop.meshCluster, peer))
    if place < 0 { return .unknown }
    return proxyPeers.contains(place) ? .border : peerTallies[Int(place)].passage
  }

  /// Whether the address called is one that a server sidecar of the service names as its own.
  private func isServed(_ client: Hop) -> Bool {
    served.find(Border.key(client.service, client.upstreamHost)) >= 0
      || served.find(Border.key(-1, client.upstreamHost)) >= 0
  }

  private mutating func count(host hop: Hop, _ passage: Passage) {
    if hop.upstreamHost != 0 { count(host: hop.meshCluster, hop.upstreamHost, passage) }
  }

  private mutating func count(host cluster: Int32, _ address: Int64, _ passage: Passage) {
    let place = Int(hosts.number(Border.key(cluster, address)))
    if place == hostTallies.count { hostTallies.append(Tally()) }
    Border.count(passage, &hostTallies[place])
  }

  private mutating func count(peer cluster: Int32, _ ip: Int64, _ passage: Passage) {
    let place = Int(peers.number(Border.key(cluster, ip)))
    if place == peerTallies.count { peerTallies.append(Tally()) }
    Border.count(passage, &peerTallies[place])
  }

  private static func count(_ passage: Passage, _ tally: inout Tally) {
    switch passage {
    case .direct: tally.direct += 1
    case .border: tally.border += 1
    case .unknown: break
    }
  }

  static func key(_ index: Int32, _ address: Int64) -> FlatKey {
    FlatKey(UInt64(bitPattern: address), FlatKey.pack(0, index), 0)
  }
}
