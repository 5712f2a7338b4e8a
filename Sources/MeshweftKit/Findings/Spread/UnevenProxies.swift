internal import AccessLog

/// The pods of one deployment of proxies get uneven parts of the connections.
enum UnevenProxies {
  private struct Pod {
    /// Of lines: of a gateway, one per request; microseconds since the epoch.
    var starts: [Int64] = []
    var connections: Int { starts.count }
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
      pod.starts.append(line.start)
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
    let members = pods.map { (source: $0.key, pod: $0.value) }.sorted { $0.source < $1.source }
    let starts = members.flatMap(\.pod.starts).sorted()
    guard members.count > 1, let first = starts.first, let last = starts.last else { return nil }
    let window = first...last
    let lives = members.map { Shares.life($0.pod.first, $0.pod.last, $0.pod.connections, in: window) }
    // A proxy that came or went has its part of what came while it was there.
    let due = Shares.expected(starts, lives)
    let requests = Double(members.reduce(0) { $0 + $1.pod.requests })
    let all = Double(starts.count)
    let work = members.map { member in
      requests > 0 ? Double(member.pod.requests) / requests : Double(member.pod.connections) / all
    }
    let ratios = members.indices.map { due[$0] > 0 ? work[$0] * all / due[$0] : 1 }
    let counts = members.map { Double($0.pod.connections) }
    guard Chance.differs(counts, from: due), let most = ratios.indices.max(by: { ratios[$0] < ratios[$1] }),
      ratios[most] >= ImbalanceLimits.maxOverMean,
      // One that has its even part of all may have been there before its first connection.
      work[most] * Double(members.count) >= ImbalanceLimits.maxOverMean,
      zip(counts, due).contains(where: { $1 > 0 && $0 >= ImbalanceLimits.maxOverMean * $1 })
    else { return nil }
    let busiest = members[most]
    let source = context.lines.sources[busiest.source]
    let share = Double(busiest.pod.requests) / max(1, requests)
    let connectionShare = counts[most] / all
    let isGateway = busiest.pod.isGateway
    let ofRequests = requests > 0 ? " and \(Decimals.percent(share)) of the requests" : ""
    let part =
      "\(Decimals.percent(connectionShare)) of the \(isGateway ? "requests" : "connections\(ofRequests)")"
    var finding = Finding(
      kind: .unevenProxies, severity: .warning, from: members.map(\.pod.first).min() ?? 0,
      to: members.map(\.pod.last).max() ?? 0,
      sentence:
        "\(source.pod) carries \(part) of \(members.count) \(isGateway ? "gateways" : "proxies")"
        + (lives.contains { $0 != window }
          ? ", \(Decimals.text(ratios[most], digits: 2)) of its part while it was there: " : ": ")
        + "what balances before them does not spread connections evenly.")
    finding.subject.proxy = source.pod
    finding.subject.meshCluster = source.meshCluster
    finding.subject.role = isGateway ? "gateway" : "proxy"
    finding.evidence = [
      "\(Quantity.counted(Int64(starts.count), isGateway ? "request" : "connection")) in the logs of the proxies; an even choice would hardly ever be so uneven.",
      "`meshweft load --by proxy` shows each proxy over time.",
    ]
    finding.numbers = [
      .init("proxies", members.count), .init("connections", starts.count),
      .init("connection_share", connectionShare, digits: 3), .init("request_share", share, digits: 3),
      .init("max_over_share", ratios[most], digits: 2),
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
}
