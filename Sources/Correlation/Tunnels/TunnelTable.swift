internal import AccessLog

/// The hops around ztunnels, by their places: ascending by id, which is by time.
struct TunnelTable {
  let hops: [Hop]
  let names: TunnelNames
  /// TCP connections of callers and of the called, gateways among both; with which of them a ztunnel may have one end.
  private(set) var callers: [Int] = []
  private(set) var called: [Int] = []
  /// Of these the ztunnels' own: for apps that call, and for apps that are called.
  private(set) var outbound: [Int] = []
  private(set) var inbound: [Int] = []
  /// Pods whose proxies forward what others call.
  private(set) var gatewayPods: Set<Int32> = []
  /// Requests that a sidecar or gateway logged.
  private(set) var requests: [Int] = []

  init(_ hops: [Hop], _ names: TunnelNames) {
    self.hops = hops
    self.names = names
    for place in hops.indices where place == 0 || hops[place - 1].id != hops[place].id {
      let hop = hops[place]
      if hop.role == .gateway && !hop.traits.contains(.waypoint) || hop.role == .proxy {
        gatewayPods.insert(hop.pod)
      }
      guard hop.role == .client || hop.role == .server || hop.role == .gateway else { continue }
      guard hop.isConnection else {
        requests.append(place)
        continue
      }
      if hop.role != .server { callers.append(place) }
      if hop.role != .client { called.append(place) }
      guard hop.isTunnel else { continue }
      if hop.role == .client { outbound.append(place) } else { inbound.append(place) }
    }
  }

  /// What the caller wanted to reach, wherever the connection went: a waypoint is asked for a service's address.
  func asked(_ place: Int) -> Int64 {
    let hop = hops[place]
    return hop.isTunnel && hop.downstreamLocal != 0 ? hop.downstreamLocal : hop.upstreamHost
  }

  /// A number of the IP from which a hop's proxy calls: a sidecar and a ztunnel call from their app's, which ztunnel keeps.
  func callerIP(_ place: Int) -> Int64? {
    let hop = hops[place]
    if hop.role == .gateway { return names.ip(hop.upstreamLocal) }
    return names.ip(hop.downstreamRemote)
  }

  /// A number of the IP from which a hop was called.
  func remoteIP(_ place: Int) -> Int64? { names.ip(hops[place].downstreamRemote) }

  func areApart(_ one: Int, _ other: Int) -> Bool {
    let (left, right) = (hops[one].meshCluster, hops[other].meshCluster)
    return left >= 0 && right >= 0 && left != right
  }
}
