internal import AccessLog
internal import Correlation

/// Which of the connections that ztunnels logged are no traffic of their own, because the requests on them were logged by a
/// waypoint, gateway or sidecar, and are counted there: those that are linked with requests, and those of which that much is
/// clear though not which of them carried which.
struct CarriedTunnels {
  private let hops: [Hop]
  private let relations: HopRelations
  /// What waypoints logged requests for, and whom gateways and sidecars called through a tunnel.
  private var asked: Set<Way> = []
  private var targets: Set<Way> = []
  /// Where sidecars were called with requests.
  private var sidecars: Set<Int64> = []

  private struct Way: Hashable {
    /// -1 for any.
    var pod: Int32
    /// A service, or an address.
    var what: Int64
  }

  init(_ hops: [Hop], _ relations: HopRelations) {
    self.hops = hops
    self.relations = relations
    guard hops.contains(where: \.isTunnel) else { return }
    for hop in hops where !hop.isConnection && hop.role == .server { sidecars.insert(hop.downstreamLocal) }
    for hop in hops where !hop.isConnection && (hop.role == .gateway || hop.role == .client) {
      if hop.upstreamHost != 0, hop.upstreamLocal == 0 {
        targets.insert(Way(pod: hop.pod, what: hop.upstreamHost))
        targets.insert(Way(pod: -1, what: hop.upstreamHost))
      }
      if hop.traits.contains(.waypoint), hop.service >= 0 {
        asked.insert(Way(pod: hop.pod, what: Int64(hop.service)))
        asked.insert(Way(pod: -1, what: Int64(hop.service)))
      }
    }
  }

  /// Of the place of a ztunnel's connection.
  func carries(_ place: Int) -> Bool {
    let hop = hops[place]
    if relations.carrying.contains(place) { return true }
    if hop.role == .server {
      return relations.client[place] < 0 && targets.contains(Way(pod: hop.peer, what: hop.downstreamLocal))
    }
    if !hop.traits.contains(.toProxy), hop.upstreamHost != 0, sidecars.contains(hop.upstreamHost) {
      return true
    }
    return hop.traits.contains(.toProxy) && hop.service >= 0 && relations.answer[place] < 0
      && asked.contains(Way(pod: hop.peer, what: Int64(hop.service)))
  }
}
