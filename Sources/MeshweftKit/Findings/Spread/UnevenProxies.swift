internal import AccessLog

/// The pods of one deployment of proxies get uneven parts of the connections.
enum UnevenProxies {
  private struct Pod {
    /// Lines: of a gateway, one per request.
    var connections = 0
    var isGateway = false
    var requests = 0
    var bytes: Int64 = 0
    /// Microseconds since the epoch.
    var first = Int64.max
    var last = Int64.min
  }

  static func find(_ context: FindingContext) -> [Finding] {
    var deployments: [String: [Int: Pod]] = [:]
    for place in context.lines.lines.indices {
      let set = context.lines.attributes(place)
      // A connection that found no host says nothing about how connections are spread, nor does one line more of it.
      guard set.role == .proxy || set.role == .gateway, set.upstreamHost != nil else { continue }
      let line = context.lines.lines[place]
      let name = name(context.lines.sources[set.source])
      var pod = deployments[name, default: [:]][set.source] ?? Pod()
      pod.connections += 1
      pod.isGateway = set.role == .gateway
      pod.bytes += line.received + line.sent
      (pod.first, pod.last) = (min(pod.first, line.start), max(pod.last, line.end))
      deployments[name, default: [:]][set.source] = pod
    }
    for service in context.table.services.values {
      for attempt in service.attempts where attempt.proxy >= 0 {
        let source = Int(attempt.proxy)
        deployments[name(context.lines.sources[source])]?[source]?.requests += 1
      }
    }
    return deployments.sorted { $0.key < $1.key }.compactMap { finding(context, $0.key, $0.value) }
  }

  private static func name(_ source: FindingSource) -> String {
    "\(source.meshCluster)/\(source.namespace)/\(source.workload)"
  }

  private static func finding(_ context: FindingContext, _ name: String, _ pods: [Int: Pod]) -> Finding? {
    let members = together(pods)
    guard members.count > 1 else { return nil }
    let connections = members.map { Double($0.pod.connections) }
    let requests = members.map { Double($0.pod.requests) }
    let byConnections = ImbalanceMetrics(connections, choices: connections.reduce(0, +))
    let byRequests = ImbalanceMetrics(requests, choices: requests.reduce(0, +))
    let work = byRequests.total > 0 ? byRequests : byConnections
    guard byConnections.isUneven, work.maxOverMean >= ImbalanceLimits.maxOverMean,
      let busiest = members.max(by: {
        ($0.pod.requests, $0.pod.connections) < ($1.pod.requests, $1.pod.connections)
      })
    else { return nil }
    let source = context.lines.sources[busiest.source]
    let share = Double(busiest.pod.requests) / max(1, byRequests.total)
    let connectionShare = Double(busiest.pod.connections) / byConnections.total
    let isGateway = busiest.pod.isGateway
    let ofRequests = byRequests.total > 0 ? " and \(Decimals.percent(share)) of the requests" : ""
    let part =
      "\(Decimals.percent(connectionShare)) of the \(isGateway ? "requests" : "connections\(ofRequests)")"
    var finding = Finding(
      kind: .unevenProxies, severity: .warning, from: members.map(\.pod.first).min() ?? 0,
      to: members.map(\.pod.last).max() ?? 0,
      sentence:
        "\(source.pod) carries \(part) of \(members.count) \(isGateway ? "gateways" : "proxies"): "
        + "what balances before them does not spread connections evenly.")
    finding.subject.proxy = source.pod
    finding.subject.meshCluster = source.meshCluster
    finding.subject.role = isGateway ? "gateway" : "proxy"
    finding.evidence = [
      "\(Quantity.counted(Int64(byConnections.total), isGateway ? "request" : "connection")) in the logs of the proxies; an even choice would hardly ever be so uneven.",
      "`meshweft load --by proxy` shows each proxy over time.",
    ]
    finding.numbers = [
      .init("proxies", members.count), .init("connections", Int(byConnections.total)),
      .init("connection_share", connectionShare, digits: 3), .init("request_share", share, digits: 3),
      .init("max_over_mean", work.maxOverMean, digits: 2),
    ]
    finding.remedies = [
      .init(
        "Check the load balancer before the proxies: its algorithm, session persistence (affinity), weights by zone, and that all pods are its backends."
      ),
      .init(
        "Let connections end, so that the load balancer chooses anew; each new one costs a handshake over the border.",
        yaml: (context.busiestBehind(proxy: busiest.source)).map { Manifest.maxConnectionDuration($0) }),
    ]
    return finding
  }

  /// Those that were there for most of the time together: pods of a rollout follow each other.
  private static func together(_ pods: [Int: Pod]) -> [(source: Int, pod: Pod)] {
    guard let first = pods.values.map(\.first).min(), let last = pods.values.map(\.last).max() else {
      return []
    }
    let half = (last - first) / 2
    return pods.filter { $0.value.last - $0.value.first >= half || $0.value.connections < 20 }
      .filter { $0.value.first <= first + half && $0.value.last >= last - half }
      .map { ($0.key, $0.value) }.sorted { $0.source < $1.source }
  }
}
