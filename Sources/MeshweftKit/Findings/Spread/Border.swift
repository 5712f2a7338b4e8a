/// Causes of uneven shares where connections are balanced, not requests: an L4 proxy is on the way, or callers that do not
/// balance themselves.

/// There are so few connections that they cannot be even.
enum FewConnections {
  /// One connection, or fewer than hosts: whatever else there is, most hosts can get nothing.
  static func single(_ spread: SpreadCase) -> Finding? {
    guard !spread.all.isDirect else { return nil }
    return open(spread) < Double(spread.shares.counts.count)
      && spread.all.connections.count < spread.all.hosts.count
      ? finding(spread) : nil
  }

  /// Few, and how many each host has explains what it got.
  static func find(_ spread: SpreadCase) -> Finding? {
    guard !spread.all.isDirect,
      open(spread) < ImbalanceLimits.fewConnectionsPerHost * Double(spread.all.hosts.count),
      ConnectionPinning.explainedByConnections(spread) >= 0.5
    else { return nil }
    return finding(spread)
  }

  /// Connections that are open at once, on average over the window.
  static func open(_ spread: SpreadCase) -> Double {
    let window = Double(max(1, spread.shares.window.upperBound - spread.shares.window.lowerBound))
    let total = spread.all.connections.reduce(0.0) { sum, connection in
      let pause = Double(connection.last - connection.first) / Double(max(1, connection.requests - 1))
      return sum + min(window, Double(connection.last - connection.first) + pause)
    }
    return max(total / window, Double(min(1, spread.all.connections.count)))
  }

  private static func finding(_ spread: SpreadCase) -> Finding {
    let count = spread.all.connections.count
    let hosts = spread.all.hosts.count
    var finding = spread.finding(
      .fewConnections,
      "\(Quantity.counted(Int64(count), "connection")) over \(Quantity.counted(Int64(hosts), "host")) cannot be even: "
        + "the busiest host gets \(Decimals.text(spread.shares.most, digits: 2)) of its share.")
    finding.numbers += [
      .init("connections", count), .init("open_at_once", open(spread), digits: 1),
    ]
    finding.evidence.append(
      "Requests follow their connections, and there is no other choice of a host than by connection.")
    finding.remedies = [
      .init(
        "More connections spread better: HTTP/1.1 instead of one multiplexed HTTP/2 connection per client, or more client "
          + "pods; each connection holds memory on both sides.", yaml: Manifest.http1(spread.service)),
      .init(
        "Let connections end sooner, so that more of them are balanced; each new one costs a TCP and TLS handshake over "
          + "the border.", yaml: Manifest.maxRequestsPerConnection(spread.service)),
      .init(
        "L7 balancing at the cross-network proxy (ASM 1.22 and later) does not depend on how many there are; it costs CPU per request."
      ),
    ]
    return finding
  }
}

/// Requests per connection explain the spread, and connections per host do not.
enum ConnectionPinning {
  static func find(_ spread: SpreadCase) -> Finding? {
    guard !spread.all.isDirect, spread.all.connections.count > 1, explainedByConnections(spread) < 0.5 else {
      return nil
    }
    let counts = spread.connectionsPerHost
    let even = ImbalanceMetrics(counts, choices: counts.reduce(0, +))
    let busiest = spread.all.connections.max { $0.requests < $1.requests }
    guard let busiest, !even.isUneven || even.maxOverMean < spread.shares.most else { return nil }
    return finding(spread, even.maxOverMean, busiest)
  }

  /// How much of the differences between hosts their connections explain, 0 to 1.
  static func explainedByConnections(_ spread: SpreadCase) -> Double {
    // A connection counts for as long as it was open, beside the host's life.
    let window = Double(max(1, spread.shares.window.upperBound - spread.shares.window.lowerBound))
    var weights = [Double](repeating: 0, count: spread.all.hosts.count)
    for connection in spread.all.connections {
      weights[Int(connection.host)] += max(0.02, Double(connection.last - connection.first) / window)
    }
    for host in weights.indices {
      let life = spread.shares.lives[host]
      weights[host] /= max(0.02, Double(life.upperBound - life.lowerBound) / window)
    }
    // Among hosts that have any, unless those are even: hosts without connections are explained by just that.
    let served = spread.served
    let among = ImbalanceMetrics(served.map(spread.shares.ratio), choices: nil).maxOverMean
    let hosts = among >= ImbalanceLimits.maxOverMean ? served : Array(weights.indices)
    weights = hosts.map { weights[$0] }
    let mean = weights.reduce(0, +) / Double(max(1, weights.count))
    guard mean > 0 else { return 0 }
    let ratios = hosts.map(spread.shares.ratio)
    let centre = ratios.reduce(0, +) / Double(max(1, ratios.count))
    let (left, total) = zip(ratios, weights).reduce((0.0, 0.0)) { sum, pair in
      let difference = pair.0 - centre * pair.1 / mean
      return (sum.0 + difference * difference, sum.1 + (pair.0 - centre) * (pair.0 - centre))
    }
    return total > 0 ? 1 - left / total : 0
  }

  private static func finding(_ spread: SpreadCase, _ connections: Double, _ busiest: AttemptConnection)
    -> Finding
  {
    let host = spread.all.hosts[Int(busiest.host)]
    let client = busiest.client >= 0 ? spread.lines.sources[Int(busiest.client)].pod : nil
    let share = Double(busiest.requests) / Double(max(1, spread.all.attempts.count))
    let most = Decimals.text(spread.shares.most, digits: 2)
    var finding = spread.finding(
      .connectionPinning,
      "Connections are spread (max/mean \(Decimals.text(connections, digits: 2))), requests are not (\(most)): a connection "
        + "stays with the host that it was given to, and one\(client.map { " of \($0)" } ?? "") carries \(Decimals.percent(share)) "
        + "of all requests to \(host.shown).")
    finding.subject.host = host.address
    finding.subject.pod = host.pod
    finding.subject.client = client
    finding.numbers += [
      .init("connections", spread.all.connections.count),
      .init("connections_max_over_mean", connections, digits: 2),
      .init("top_connection_requests", busiest.requests), .init("top_connection_share", share, digits: 3),
    ]
    finding.evidence.append(
      "Connections per host explain \(Decimals.percent(max(0, ConnectionPinning.explainedByConnections(spread)))) of the differences."
    )
    finding.numbers.append(
      .init("explained_by_connections", max(0, ConnectionPinning.explainedByConnections(spread)), digits: 3))
    let overBorder = spread.all.crossedBorder
    finding.remedies =
      (overBorder
        ? [
          .init(
            "Balance requests instead of connections: ASM 1.22 and later can terminate TLS at the cross-network proxy and "
              + "balance at L7; the proxy then sees the requests and costs more CPU per request.")
        ] : [])
      + [
        .init(
          "Let long connections end: the next one is balanced again. Each new connection costs a TCP and TLS "
            + "handshake\(overBorder ? " over the border" : "").",
          yaml: Manifest.maxRequestsPerConnection(spread.service)),
        .init(
          "Or limit how long a connection may live, however much it carries.",
          yaml: Manifest.maxConnectionDuration(spread.service)),
      ]
    return finding
  }
}

/// A host came when the connections were there already, and gets less than its share since.
enum LateHost {
  /// Share of its due at most.
  private static let atMost = 0.75

  static func find(_ spread: SpreadCase) -> Finding? {
    let shares = spread.shares
    guard !spread.all.isDirect else { return nil }
    let late = spread.served.filter { shares.isLate($0) && shares.ratio($0) <= atMost }
    guard let host = late.min(by: { shares.ratio($0) < shares.ratio($1) }) else { return nil }
    // Older connections must be what the others get theirs over, and those others even.
    let came = shares.lives[host].lowerBound
    let after = spread.all.attempts.filter { $0.start >= came && $0.host != Int32(host) }
    let old = after.count { spread.all.connections[Int($0.connection)].first < came }
    guard Double(old) >= 0.5 * Double(max(1, after.count)), othersAreEven(spread, late, came) else {
      return nil
    }
    return finding(spread, host, came, Double(old) / Double(max(1, after.count)))
  }

  private static func othersAreEven(_ spread: SpreadCase, _ late: [Int], _ came: Int64) -> Bool {
    let others = spread.served.filter { !late.contains($0) }
    let counts = others.map { host in
      Double(spread.all.attempts.count { $0.host == Int32(host) && $0.start < came })
    }
    return !ImbalanceMetrics(counts, choices: counts.reduce(0, +)).isUneven
  }

  private static func finding(_ spread: SpreadCase, _ host: Int, _ came: Int64, _ old: Double) -> Finding {
    let address = spread.all.hosts[host].shown
    var finding = spread.finding(
      .lateHost,
      "\(address) came at \(Instant.text(came, digits: 0)) and has got \(spread.ratio(host)) of its share since: "
        + "\(Decimals.percent(old)) of what the others got then came over connections that were there before it."
    )
    finding.subject.host = spread.all.hosts[host].address
    finding.subject.pod = spread.all.hosts[host].pod
    finding.subject.meshCluster = spread.all.hosts[host].meshCluster
    finding.from = came
    finding.numbers += [
      .init("share", spread.shares.ratio(host), digits: 2), .init("old_connections_share", old, digits: 3),
    ]
    finding.remedies = [
      .init(
        "Bound the life of connections, so that they come to new hosts, too; each new one costs a handshake.",
        yaml: Manifest.maxConnectionDuration(spread.service)),
      .init("Once: restart the callers (`kubectl rollout restart`); they connect anew."),
    ]
    return finding
  }
}

/// A host lost all of its connections; they went elsewhere and did not come back.
enum LostConnections {
  static func find(_ spread: SpreadCase) -> Finding? {
    guard !spread.all.isDirect else { return nil }
    let found = spread.served.compactMap { host in loss(spread, host).map { (host, $0) } }
    guard let (host, loss) = found.max(by: { $0.1.before - $0.1.after < $1.1.before - $1.1.after }) else {
      return nil
    }
    let address = spread.all.hosts[host].shown
    var finding = spread.finding(
      .lostConnections,
      "\(address) lost all of its \(Quantity.counted(Int64(loss.connections), "connection")) by \(Instant.text(loss.time, digits: 0)), "
        + "and they did not come back: it got \(Decimals.text(loss.before, digits: 2)) of its share before and "
        + "\(Decimals.text(loss.after, digits: 2)) since.")
    finding.subject.host = spread.all.hosts[host].address
    finding.subject.pod = spread.all.hosts[host].pod
    finding.from = loss.time
    finding.numbers += [
      .init("connections", loss.connections), .init("share_before", loss.before, digits: 2),
      .init("share_after", loss.after, digits: 2),
    ]
    finding.remedies = [
      .init(
        "Bound the life of connections, so that they are spread anew; each new one costs a handshake.",
        yaml: Manifest.maxConnectionDuration(spread.service)),
      .init("Once: restart the callers (`kubectl rollout restart`); they connect anew."),
    ]
    return finding
  }

  private struct Loss {
    var time: Int64
    var connections: Int
    var before: Double
    var after: Double
  }

  /// A time by which all connections of the host had ended, with a fair share before and half of it at most after.
  private static func loss(_ spread: SpreadCase, _ host: Int) -> Loss? {
    let own = spread.all.connections.filter { $0.host == Int32(host) }.sorted {
      ($0.first, $0.last) < ($1.first, $1.last)
    }
    let life = spread.shares.lives[host]
    var last = Int64.min
    var count = 0
    var best: Loss?
    for connection in own + [
      AttemptConnection(host: 0, client: 0, proxy: 0, first: .max, last: .max, crossedBorder: true)
    ] {
      if count > 1, connection.first > last, last < life.upperBound,
        let shares = shares(spread, host, life, at: last), shares.before >= 0.75, shares.after <= 0.5
      {
        best = Loss(time: last, connections: count, before: shares.before, after: shares.after)
      }
      last = max(last, connection.last)
      count += 1
    }
    return best
  }

  private static func shares(
    _ spread: SpreadCase, _ host: Int, _ life: ClosedRange<Int64>, at time: Int64
  ) -> (before: Double, after: Double)? {
    func share(_ from: Int64, _ to: Int64) -> Double? {
      var (own, all) = (0, 0)
      for attempt in spread.all.attempts where attempt.start >= from && attempt.start <= to {
        all += 1
        if attempt.host == Int32(host) { own += 1 }
      }
      let members = spread.shares.lives.count { $0.lowerBound <= from && $0.upperBound >= to }
      guard members > 0, Double(all) / Double(members) >= 20 else { return nil }
      return Double(own) * Double(members) / Double(all)
    }
    guard let before = share(life.lowerBound, time), let after = share(time + 1, life.upperBound) else {
      return nil
    }
    return (before, after)
  }
}

/// Proxies have uneven shares, and hosts of their own.
enum ProxyShare {
  static func find(_ spread: SpreadCase) -> Finding? {
    let hosts = spread.served
    let proxies = Set(spread.all.connections.map(\.proxy)).filter { $0 >= 0 }.sorted()
    guard proxies.count > 1, hosts.count > 1 else { return nil }
    let table = proxies.map { proxy in
      hosts.map { host in
        Double(spread.all.connections.count { $0.proxy == proxy && $0.host == Int32(host) })
      }
    }
    guard table.joined().reduce(0, +) >= 5 * Double(hosts.count), Chance.depend(table) else { return nil }
    var requests = table.map { $0.map { _ in 0.0 } }
    for attempt in spread.all.attempts {
      if let row = proxies.firstIndex(of: attempt.proxy), let column = hosts.firstIndex(of: Int(attempt.host))
      {
        requests[row][column] += 1
      }
    }
    let top = hosts.indices.map { column in
      requests.indices.max { requests[$0][column] < requests[$1][column] } ?? 0
    }
    let owned = hosts.indices.filter { column in
      let sum = requests.reduce(0) { $0 + $1[column] }
      return requests[top[column]][column] >= ImbalanceLimits.ownProxyShare * sum
    }
    let totals = requests.map { $0.reduce(0, +) }
    guard owned.count * 2 > hosts.count, Set(top).count > 1,
      spread.shares.unexplained(by: { host in hosts.firstIndex(of: host).map { top[$0] } ?? -1 })
        <= 1 - FindingLimits.explained,
      let busiest = totals.indices.max(by: { totals[$0] < totals[$1] })
    else { return nil }
    let share = totals[busiest] / max(1, totals.reduce(0, +))
    return finding(spread, Int(proxies[busiest]), share, top.count { $0 == busiest }, proxies.count)
  }

  private static func finding(
    _ spread: SpreadCase, _ proxy: Int, _ share: Double, _ hosts: Int, _ proxies: Int
  ) -> Finding {
    let pod = spread.lines.sources[proxy].pod
    var finding = spread.finding(
      .proxyShare,
      "\(pod) has \(Decimals.percent(share)) of the requests and "
        + "\(Quantity.counted(Int64(hosts), "host")) of \(spread.all.hosts.count) to itself: the \(proxies) proxies have uneven "
        + "shares, and each has hosts of its own.")
    finding.subject.proxy = pod
    finding.numbers += [
      .init("proxies", proxies), .init("share", share, digits: 3), .init("own_hosts", hosts),
    ]
    finding.evidence.append(
      "Within each proxy's hosts requests are even; between proxies they are not. `meshweft load \(spread.service) --by proxy` shows it."
    )
    finding.remedies = [
      .init(
        "Even out the proxies first: the load balancer before them may keep affinity (session persistence) or weigh them by "
          + "zone; check its algorithm and that all replicas are its backends."),
      .init(
        "If each proxy prefers the hosts of its zone, run as many hosts per zone as its share of the requests, or switch "
          + "locality load balancing off for this service; that costs traffic between zones.",
        yaml: Manifest.destinationRule(
          spread.service,
          """
              loadBalancer:
                localityLbSetting:
                  enabled: false
          """)),
    ]
    return finding
  }
}
