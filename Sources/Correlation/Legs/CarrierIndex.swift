internal import AccessLog

/// Proxy hops, found by the addresses of either of their two TCP connections.
struct CarrierIndex {
  private struct Key: Hashable {
    var local: Int64
    var remote: Int64
  }

  /// What the proxies' logs cover.
  private struct Coverage {
    var latestEnd = Int64.min
  }

  private let hops: [Hop]
  /// By (upstream_local, upstream_host), and by (downstream_remote); each list by start.
  private var byUpstream: [Key: [Int32]] = [:]
  private var byDownstream: [Key: [Int32]] = [:]
  private var coverage: [Int32: Coverage] = [:]

  /// Microseconds by which a request may begin before its connection was accepted at the proxy: a client's request
  /// waits for the handshake (measured: 31 ms at most on a WAN of 4 ms one way; a slow link has more).
  private static let handshake: Int64 = 5_000_000
  /// Microseconds by which clocks of a proxy and of a server behind it may differ: they share a mesh cluster.
  private static let localSlack: Int64 = 20_000

  init(_ hops: [Hop]) {
    self.hops = hops
    for index in CarrierIndex.connections(hops) {
      let hop = hops[Int(index)]
      coverage[hop.service, default: Coverage()].latestEnd = max(
        coverage[hop.service]?.latestEnd ?? .min, hop.latestEnd)
      if hop.upstreamLocal != 0 {
        byUpstream[Key(local: hop.upstreamLocal, remote: hop.upstreamHost), default: []].append(index)
      }
      if hop.downstreamRemote != 0 {
        byDownstream[Key(local: hop.downstreamRemote, remote: Int64(hop.service)), default: []].append(index)
      }
    }
  }

  /// One hop per connection: of several lines with one start and one pair of addresses (access_log_flush_interval)
  /// the last has the totals.
  private static func connections(_ hops: [Hop]) -> [Int32] {
    var proxies = hops.indices.filter { hops[$0].role == .proxy }.map(Int32.init)
    func order(_ index: Int32) -> (Int64, Int64, Int64, Int64) {
      let hop = hops[Int(index)]
      return (hop.start, hop.downstreamRemote, hop.upstreamLocal, hop.duration)
    }
    proxies.sort { order($0) == order($1) ? $0 < $1 : order($0) < order($1) }
    return proxies.indices.filter { position in
      guard position + 1 < proxies.count else { return true }
      let (own, next) = (order(proxies[position]), order(proxies[position + 1]))
      let isSame = own.0 == next.0 && own.1 == next.1 && own.2 == next.2 && own.2 != 0
      return !isSame || hops[Int(proxies[position])].pod != hops[Int(proxies[position + 1])].pod
    }.map { proxies[$0] }
  }

  /// The connection on which a server got a request, or -1.
  func carrier(ofServer hop: Hop) -> Int32 {
    guard hop.downstreamRemote != 0 else { return -1 }
    let candidates = byUpstream[Key(local: hop.downstreamRemote, remote: hop.downstreamLocal)] ?? []
    return latest(candidates, around: hop, before: CarrierIndex.localSlack)
  }

  /// The connection on which a client sent a request, where both ends see one address; -1 behind NAT.
  func carrier(ofClient hop: Hop) -> Int32 {
    guard hop.upstreamLocal != 0 else { return -1 }
    let candidates = byDownstream[Key(local: hop.upstreamLocal, remote: Int64(hop.service))] ?? []
    return latest(candidates, around: hop, before: CarrierIndex.handshake)
  }

  /// The last of the candidates to have begun that was open during the hop.
  private func latest(_ candidates: [Int32], around hop: Hop, before slack: Int64) -> Int32 {
    for index in candidates.reversed() {
      let carrier = hops[Int(index)]
      if carrier.start <= hop.start &+ slack, carrier.latestEnd &+ CarrierIndex.localSlack >= hop.start { return index }
    }
    return -1
  }

  /// Why a hop has no carrier: the proxies of its service have written nothing that ends after it, or they have.
  func statusWithoutCarrier(_ hop: Hop) -> CarrierStatus {
    guard let covered = coverage[hop.service] else { return .unknown }
    return covered.latestEnd <= hop.latestEnd ? .notLoggedYet : .unknown
  }
}
