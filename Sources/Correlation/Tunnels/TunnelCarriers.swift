internal import AccessLog

/// Finds the ztunnel connections that carried the requests of waypoints, gateways and sidecars: to them from an app without a
/// sidecar, and from them to one.
struct TunnelCarriers {
  private let table: TunnelTable
  private let outbound: TunnelIndex
  private let outboundByService: TunnelIndex
  private let inbound: TunnelIndex

  /// Who called is known by name or IP, and only one connection comes into question; the same where one that held the
  /// request more tightly than others is chosen, or where nothing names the caller; and through a NAT.
  private static let (sole, tight, nameless, remote) = (AddressJoin.confidence, 0.85, 0.85, 0.6)
  /// Microseconds by which a connection from another network lasts longer than its only request at most: of one that may have
  /// carried others nothing tells which.
  private static let remoteExcess: Int64 = 100_000
  /// Microseconds by which a connection is tighter than others, so that it is rather the one.
  private static let clearExcess: Int64 = 3_000

  init(_ table: TunnelTable) {
    self.table = table
    outbound = TunnelIndex(table.outbound, table.hops) { table.asked($0) }
    outboundByService = TunnelIndex(
      table.outbound.filter { table.hops[$0].traits.contains(.toProxy) }, table.hops
    ) { Int64(table.hops[$0].service) + 1 }
    inbound = TunnelIndex(table.inbound, table.hops) { table.hops[$0].downstreamLocal }
  }

  /// By request: the connection on which it went on first, then that on which it came.
  func claims(isUnanswered: (Int) -> Bool, isFree: (Int) -> Bool) -> [TunnelClaim] {
    var going: [TunnelClaim] = []
    var coming: [TunnelClaim] = []
    for request in table.requests {
      let role = table.hops[request].role
      if role != .server, isUnanswered(request), let claim = wayOut(request) { going.append(claim) }
      if role != .client, isFree(request), let claim = wayIn(request) { coming.append(claim) }
    }
    let check = TunnelLoads(table)
    return check.checked(going) + check.checked(coming)
  }

  // MARK: which connection

  private func wayOut(_ request: Int) -> TunnelClaim? {
    let hop = table.hops[request]
    if hop.upstreamHost == 0 { return nil }
    let own = table.callerIP(request)
    var isKnown = true
    let found = inbound.holding(hop.upstreamHost, hop) { tunnel in
      let other = table.hops[tunnel]
      if table.areApart(request, tunnel) || other.contradicts(hop.pod) { return false }
      // A proxy that names its own socket did not go through a tunnel of its own.
      if hop.upstreamLocal != 0, other.downstreamRemote != 0 {
        return hop.upstreamLocal == other.downstreamRemote
      }
      if let own, let remote = table.remoteIP(tunnel) { return own == remote }
      if other.peer < 0 { isKnown = false }
      return true
    }
    return claim(request, found, ceiling: isKnown ? TunnelCarriers.sole : TunnelCarriers.nameless)
  }

  private func wayIn(_ request: Int) -> TunnelClaim? {
    let hop = table.hops[request]
    let remote = table.remoteIP(request)
    func fits(_ tunnel: Int) -> Bool {
      let other = table.hops[tunnel]
      if other.contradicts(hop.pod) { return false }
      if let remote, let own = table.remoteIP(tunnel) { return own == remote }
      return true
    }
    if hop.downstreamLocal != 0 {
      let found = outbound.holding(hop.downstreamLocal, hop) { !table.areApart(request, $0) && fits($0) }
      let ceiling = remote == nil ? TunnelCarriers.nameless : TunnelCarriers.sole
      if let claim = claim(request, found, ceiling: ceiling) { return claim }
    }
    // Across networks a service is asked for by its name, and what is between has other addresses.
    guard hop.traits.contains(.waypoint), hop.service >= 0 else { return nil }
    let found = outboundByService.holding(Int64(hop.service) + 1, hop) {
      table.areApart(request, $0) && table.hops[$0].duration <= hop.duration + TunnelCarriers.remoteExcess
    }
    return claim(request, found, ceiling: TunnelCarriers.remote)
  }

  /// Of several that come into question the tightest; none where they are of several pods.
  private func claim(_ request: Int, _ found: [Int], ceiling: Double) -> TunnelClaim? {
    guard let any = found.first else { return nil }
    if found.count == 1 { return TunnelClaim(request: request, tunnel: any, confidence: ceiling) }
    let pod = table.hops[any].pod
    guard found.allSatisfy({ table.hops[$0].pod == pod }) else { return nil }
    let ranked = found.sorted { (table.hops[$0].duration, $0) < (table.hops[$1].duration, $1) }
    let clear = table.hops[ranked[1]].duration - table.hops[ranked[0]].duration
    let isTight = clear >= max(TunnelCarriers.clearExcess, table.hops[request].duration)
    let share = 1 / Double(found.count)
    return TunnelClaim(
      request: request, tunnel: ranked[0],
      confidence: min(ceiling, isTight ? max(share, TunnelCarriers.tight / 2 + share / 2) : share))
  }
}
