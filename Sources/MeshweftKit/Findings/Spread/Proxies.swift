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

/// Requests over one proxy lose more time on the way than over its peers, for the same callers at the same time.
enum SlowProxy {
  static func find(_ context: FindingContext) -> [Finding] {
    context.services.flatMap { spread in find(spread) }
  }

  private static func find(_ spread: SpreadCase) -> [Finding] {
    let window = spread.shares.window
    let width = max(1, (window.upperBound - window.lowerBound) / 8 + 1)
    var strata: [String: Int] = [:]
    var samples: [Slow.Sample] = []
    for attempt in spread.all.attempts
    where attempt.proxy >= 0 && attempt.clientLine >= 0 && attempt.serverLine >= 0 && !attempt.failed {
      let cost = max(0, spread.lines.lines[Int(attempt.clientLine)].duration - attempt.busy)
      let source = spread.lines.sources[Int(attempt.client)]
      let key = "\(source.meshCluster)/\(source.caller) \((attempt.start - window.lowerBound) / width)"
      let stratum = strata[key] ?? strata.count
      strata[key] = stratum
      samples.append(Slow.Sample(who: Int(attempt.proxy), stratum: stratum, time: Double(cost)))
    }
    return Slow.find(samples).map { slow in
      let source = spread.lines.sources[slow.who]
      var finding = spread.finding(
        .slowProxy,
        "Requests over \(source.pod) lose \(Decimals.text(slow.median / 1000, digits: 1)) ms on the way, over the other proxies "
          + "\(Decimals.text(slow.peers / 1000, digits: 1)) ms, from the same callers at the same time.")
      finding.subject.proxy = source.pod
      finding.subject.meshCluster = source.meshCluster
      finding.numbers = [
        .init("requests", slow.count), .init("times_slower", slow.times, digits: 1),
        .init("border_ms", slow.median / 1000, digits: 1),
        .init("peers_border_ms", slow.peers / 1000, digits: 1),
      ]
      finding.evidence = [
        "Client time less the server's own time; `meshweft traces --service \(spread.service) --sort border-cost` shows some."
      ]
      finding.remedies = [
        .init("Look at the proxy's CPU and its node, and at the way to it (its zone, its EIP).")
      ]
      return finding
    }
  }
}

/// Hosts that could serve and got nothing.
enum IdleHost {
  static func find(_ context: FindingContext) -> [Finding] {
    context.services.flatMap { spread in
      spread.all.hosts.indices.compactMap { index -> Finding? in
        let host = spread.all.hosts[index]
        return host.isListed && host.requests == 0 ? listed(spread, host) : nil
      } + silentPods(context, spread)
    }
  }

  private static func listed(_ spread: SpreadCase, _ host: AttemptHost) -> Finding {
    finding(
      spread, host,
      "\(host.shown)\(host.pod.isEmpty ? "" : " (\(Shown.text(host.pod, limit: 100)))") is an endpoint of the service and got "
        + "no request, while the others got \(Quantity.grouped(Int64(spread.all.attempts.count))).",
      "The list of endpoints names it, and no line does.")
  }

  private static func finding(
    _ spread: SpreadCase, _ host: AttemptHost, _ sentence: String, _ evidence: String
  ) -> Finding {
    var finding = spread.finding(.idleHost, sentence)
    finding.subject.host = host.address.isEmpty ? nil : host.address
    finding.subject.pod = host.pod.isEmpty ? nil : host.pod
    finding.subject.meshCluster = host.meshCluster.isEmpty ? nil : host.meshCluster
    finding.evidence.insert(evidence, at: 0)
    finding.numbers = [.init("requests", 0), .init("requests_of_others", spread.all.attempts.count)]
    finding.remedies = [
      .init(
        "It is not ready, the proxies do not know it, or no connection was made since it came: compare `kubectl get endpointslices` with `istioctl proxy-config endpoints` of a caller or proxy."
      ),
      .init(
        "If connections that were there before it keep the others busy, bound their life; each new one costs a handshake.",
        yaml: Manifest.maxConnectionDuration(spread.service)),
    ]
    return finding
  }

  /// Pods of the same workload whose log goes on, without a request of this or any service.
  private static func silentPods(_ context: FindingContext, _ spread: SpreadCase) -> [Finding] {
    let serving = Set(spread.all.hosts.compactMap { $0.source >= 0 ? $0.source : nil })
    let workloads = Set(serving.map { context.lines.sources[$0].place })
    return context.lines.sources.indices.compactMap { index in
      let source = context.lines.sources[index]
      guard source.hasIdentity, workloads.contains(source.place), !serving.contains(index),
        context.isSilentServer(index), spread.shares.couldTell
      else { return nil }
      return finding(
        spread, AttemptHost(address: "", meshCluster: source.meshCluster, pod: source.pod),
        "\(source.pod) is a pod of \(source.workload) and got no request, while its peers got "
          + "\(Quantity.grouped(Int64(spread.all.attempts.count))).",
        "Its log has lines of that time, none of them of a request to it.")
    }
  }
}

extension FindingSource {
  /// Workload, namespace and mesh cluster.
  var place: String { "\(meshCluster)/\(namespace)/\(workload)" }
}

/// A host that has just come gets a burst of requests.
enum Surge {
  /// Microseconds.
  private static let width: Int64 = 5_000_000
  private static let length: Int64 = 60_000_000
  private static let factor = 2.0

  static func find(_ spread: SpreadCase) -> [Finding] {
    let shares = spread.shares
    let starts = spread.all.attempts.map(\.start)
    return spread.served.filter { shares.isLate($0) }.compactMap { host in
      let came = shares.lives[host].lowerBound
      let members = shares.lives.count { $0.lowerBound <= came && $0.upperBound >= came + length }
      guard members > 1 else { return nil }
      var worst: (seconds: Int, own: Int, due: Double)?
      for steps in 2...6 {
        let to = came + Int64(steps) * width
        let range = Shares.place(of: came, in: starts)..<Shares.place(of: to, in: starts)
        let own = range.count { spread.all.attempts[$0].host == Int32(host) }
        let due = Double(range.count) / Double(members)
        guard due >= 10, Double(own) >= factor * due, Double(own) - due > 5 * due.squareRoot() else {
          continue
        }
        worst = (steps * 5, own, due)
      }
      guard let worst else { return nil }
      return finding(spread, host, came, worst)
    }
  }

  private static func finding(
    _ spread: SpreadCase, _ host: Int, _ came: Int64, _ worst: (seconds: Int, own: Int, due: Double)
  ) -> Finding {
    let address = spread.all.hosts[host].shown
    let times = Double(worst.own) / worst.due
    var finding = spread.finding(
      .surge,
      "\(address) came at \(Instant.text(came, digits: 0)) and got \(Quantity.counted(Int64(worst.own), "request")) in its first "
        + "\(worst.seconds) s, \(Decimals.text(times, digits: 1)) times its share.")
    finding.subject.host = spread.all.hosts[host].address
    finding.subject.pod = spread.all.hosts[host].pod
    (finding.from, finding.to) = (came, came + Int64(worst.seconds) * 1_000_000)
    finding.numbers = [
      .init("requests", worst.own), .init("seconds", worst.seconds), .init("times_share", times, digits: 1),
    ]
    finding.remedies = [
      .init(
        "Let new hosts warm up; the others carry more for that time.",
        yaml: Manifest.destinationRule(
          spread.service,
          """
              loadBalancer:
                simple: LEAST_REQUEST
                warmup:
                  duration: 60s
          """))
    ]
    return finding
  }
}
