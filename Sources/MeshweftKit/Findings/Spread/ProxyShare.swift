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
