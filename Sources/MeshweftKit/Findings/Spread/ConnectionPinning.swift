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
