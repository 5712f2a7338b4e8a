/// Why requests are spread unevenly, as far as the logs tell.
enum ImbalanceCause: String, Sendable {
  /// Connections are even, requests are not: some connections carry many more than others.
  case connectionPinning = "connection_pinning"
  /// There are so few connections that they cannot be spread evenly.
  case fewConnections = "few_connections"
  /// A host came when the connections were already there.
  case lateHost = "late_host"
  /// Proxies have uneven shares of the requests, and hosts of their own.
  case proxyShare = "proxy_share"
  // Those that only lines can tell, not sums: see Findings/Spread.
  case lostConnections = "lost_connections"
  case stickyKey = "sticky_key"
  case weightedSubsets = "weighted_subsets"
  case outlierEjection = "outlier_ejection"
  case locality, failover
  case adaptiveBalancing = "adaptive_balancing"
  case unevenWork = "uneven_work"
  case slowHost = "slow_host"
  case surge
  case unexplained
  case none
  case unknown

  init(_ spread: ServiceSpread) {
    let connections = spread.connections
    if ImbalanceCause.hasLateHost(spread) {
      self = .lateHost
    } else if connections.total == 0 {
      self = .unknown
    } else if !connections.isUneven, connections.maxOverMean < spread.requests.maxOverMean {
      self = .connectionPinning
    } else if ImbalanceCause.hasOwnProxies(spread) {
      self = .proxyShare
    } else if connections.total < ImbalanceLimits.fewConnectionsPerHost * Double(connections.hosts) {
      self = .fewConnections
    } else {
      self = .unknown
    }
  }

  /// The host with the least began late, and those that were there from the start are even.
  private static func hasLateHost(_ spread: ServiceSpread) -> Bool {
    let hosts = spread.sortedHosts.filter { !$0.isIdle }
    let first = hosts.map(\.firstStart).min() ?? 0
    let span = Double((hosts.map(\.lastStart).max() ?? 0) - first)
    guard span > 0, hosts.count > 1 else { return false }
    func isLate(_ host: ServiceSpread.Host) -> Bool {
      Double(host.firstStart - first) > ImbalanceLimits.lateShare * span
    }
    let early = hosts.filter { !isLate($0) }.map { Double($0.requests) }
    guard let least = hosts.last, isLate(least) else { return false }
    return !ImbalanceMetrics(early, choices: early.reduce(0, +)).isUneven
  }

  /// Proxies are uneven, and most hosts get theirs over one of them.
  private static func hasOwnProxies(_ spread: ServiceSpread) -> Bool {
    let totals = spread.proxies.values.map { Double($0.values.reduce(0, +)) }
    guard totals.count > 1 else { return false }
    guard ImbalanceMetrics(totals, choices: totals.reduce(0, +)).isUneven else { return false }
    var shares: [String: (most: Double, total: Double)] = [:]
    for (host, requests) in spread.proxies.values.joined() where spread.hosts[host] != nil {
      let before = shares[host] ?? (0, 0)
      shares[host] = (max(before.most, Double(requests)), before.total + Double(requests))
    }
    let owned = shares.values.filter { $0.most >= ImbalanceLimits.ownProxyShare * max(1, $0.total) }
    return owned.count * 2 > spread.hosts.count
  }

  /// What can be done about it, with what that costs.
  var remedies: [String] {
    switch self {
    case .connectionPinning:
      [
        "Balance requests instead of connections: ASM 1.22 and later can terminate TLS at the cross-network proxy and "
          + "balance at L7; the proxy then sees the requests and costs more CPU per request.",
        "DestinationRule trafficPolicy.connectionPool.http.maxRequestsPerConnection on the client side makes long "
          + "connections end, so that the next one is balanced anew; each new connection costs a TCP and TLS handshake "
          + "over the border.",
        "connectionPool.tcp.maxConnectionDuration bounds their age in the same way, whatever their rate.",
      ]
    case .fewConnections:
      [
        "More connections spread better: more client pods, or HTTP/1.1 instead of one multiplexed HTTP/2 connection "
          + "per client (DestinationRule h2UpgradePolicy: DO_NOT_UPGRADE); each holds memory on both sides.",
        "connectionPool.http.maxRequestsPerConnection makes connections end sooner, so that more of them are "
          + "balanced; each costs a handshake over the border.",
        "L7 balancing at the cross-network proxy (ASM 1.22 and later) does not depend on how many there are.",
      ]
    case .lateHost:
      [
        "Connections that were there before the host stay where they are: bound their life with "
          + "connectionPool.tcp.maxConnectionDuration or http.maxRequestsPerConnection, or restart the clients.",
        "If it was a rolling restart, compare again over a time after it: --since.",
      ]
    case .proxyShare:
      [
        "Even out the proxies first: the load balancer before them may keep affinity (session persistence), or weigh "
          + "them by zone; check its algorithm and that all replicas are its backends.",
        "If each proxy prefers the hosts of its zone (locality load balancing), run as many hosts per zone as its "
          + "share of the requests, or switch localityLbSetting off for this service; that costs traffic between zones.",
      ]
    default: []
    }
  }

  /// What the evidence is, in a sentence.
  func sentence(_ spread: ServiceSpread) -> String {
    let connections = Decimals.text(spread.connections.maxOverMean, digits: 2)
    let requests = Decimals.text(spread.requests.maxOverMean, digits: 2)
    switch self {
    case .connectionPinning:
      let even =
        spread.connections.maxOverMean < ImbalanceLimits.maxOverMean
        ? "even" : "no more uneven than by chance"
      return
        "Connections are \(even) (max/mean \(connections)), requests are not (\(requests)): the proxies balance "
        + "connections, and some carry many more requests than others."
    case .fewConnections:
      return
        "\(Int(spread.connections.total)) connections over \(spread.connections.hosts) hosts cannot be even "
        + "(max/mean \(connections))."
    case .lateHost: return "A host came late: connections that were there before it stayed with the others."
    case .proxyShare: return "The proxies have uneven shares, and each has hosts of its own."
    case .none: return "Requests are even within what matters."
    default: return "The logs do not tell why."
    }
  }
}
