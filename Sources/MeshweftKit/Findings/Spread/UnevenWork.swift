internal import Foundation

/// Requests are even, what they cost is not: some paths take longer, or carry more.
///
/// A path's cost is taken as the same at all hosts, so that a slow host is no uneven work.
enum UnevenWork {
  static func find(_ spread: SpreadCase) -> Finding? {
    if spread.all.isTCP { return connections(spread) }
    return find(spread, "busy time") { Double($0.busy) } ?? find(spread, "bytes") { Double($0.bytes) }
  }

  private static func find(_ spread: SpreadCase, _ what: String, _ value: (FindingAttempt) -> Double)
    -> Finding?
  {
    let lines = spread.lines
    var cost: [String: (sum: Double, squares: Double, count: Double)] = [:]
    var byHost: [Int: [String: Double]] = [:]
    for attempt in spread.all.attempts {
      let route = lines.route(attempt.path)
      let known = cost[route] ?? (0, 0, 0)
      let amount = value(attempt)
      cost[route] = (known.sum + amount, known.squares + amount * amount, known.count + 1)
      byHost[Int(attempt.host), default: [:]][route, default: 0] += 1
    }
    let hosts = spread.served
    let work = hosts.map { host in
      (byHost[host] ?? [:]).reduce(0.0) { sum, entry in
        let known = cost[entry.key] ?? (0, 0, 1)
        return sum + entry.value * known.sum / known.count
      }
    }
    let total = work.reduce(0, +)
    let counts = hosts.map { spread.shares.expected[$0] }
    let all = counts.reduce(0, +)
    guard total > 0, all > 0, hosts.count > 1 else { return nil }
    let ratios = zip(work, counts).map { $0 / total / max(1e-9, $1 / all) }
    guard let busiest = ratios.indices.max(by: { ratios[$0] < ratios[$1] }), ratios[busiest] >= 1.5 else {
      return nil
    }
    // The routes of which the host has more than its share, by what that costs.
    let extra = (byHost[hosts[busiest]] ?? [:]).map { route, count in
      let known = cost[route] ?? (0, 0, 1)
      return (
        route: route, work: (count - known.count * counts[busiest] / all) * known.sum / known.count,
        count: count
      )
    }
    guard let route = extra.max(by: { $0.work < $1.work }), route.count >= 20, let heavy = cost[route.route],
      isBeyondChance(route.count, heavy.count, counts[busiest] / all), isUsual(heavy)
    else { return nil }
    let mean = heavy.sum / heavy.count
    return finding(spread, what, hosts[busiest], ratios[busiest], route.route, route.count, mean)
  }

  /// Of a TCP service: one host's connections carry more than the others'.
  ///
  /// Bytes of connections differ by orders of magnitude, so they are compared by rank (H. B. Mann, D. R. Whitney, 1947).
  private static func connections(_ spread: SpreadCase) -> Finding? {
    let hosts = spread.served
    var bytes: [Int: [Double]] = [:]
    for attempt in spread.all.attempts { bytes[Int(attempt.host), default: []].append(Double(attempt.bytes)) }
    let total = spread.all.attempts.reduce(0.0) { $0 + Double($1.bytes) }
    let all = hosts.reduce(0) { $0 + spread.shares.expected[$1] }
    guard hosts.count > 1, total > 0, all > 0 else { return nil }
    let shares = hosts.map { host in
      (bytes[host] ?? []).reduce(0, +) / total / max(1e-9, spread.shares.expected[host] / all)
    }
    guard let busiest = shares.indices.max(by: { shares[$0] < shares[$1] }), shares[busiest] >= 1.5,
      let own = bytes[hosts[busiest]], own.count >= 5
    else { return nil }
    let others = hosts.filter { $0 != hosts[busiest] }.flatMap { bytes[$0] ?? [] }
    guard Chance.isLarger(own, others) else { return nil }
    let address = spread.all.hosts[hosts[busiest]].address
    let mean = own.reduce(0, +) / Double(own.count)
    var finding = spread.finding(
      .unevenWork,
      "Connections are even, bytes are not: \(address) has \(Decimals.text(shares[busiest], digits: 2)) times its share, "
        + "\(Quantity.bytes(Int64(mean))) for each of its \(Quantity.counted(Int64(own.count), "connection"))."
    )
    finding.subject.host = address
    finding.subject.pod = spread.all.hosts[hosts[busiest]].pod
    finding.subject.meshCluster = spread.all.hosts[hosts[busiest]].meshCluster
    finding.numbers += [
      .init("work_over_share", shares[busiest], digits: 2), .init("heavy_connections", own.count),
      .init("mean_bytes", mean, digits: 1),
    ]
    finding.evidence.append(
      "The others' connections carry less, one by one; there are no requests to balance.")
    finding.remedies = [
      .init(
        "Look at what that host is asked for: a hot key or shard, the only writable replica, a client that subscribes to all. The mesh balances connections; what they carry is up to the protocol."
      )
    ]
    return finding
  }

  /// Whether a path's mean cost is that of its requests, not of one or two of them: three standard errors leave half of it.
  private static func isUsual(_ cost: (sum: Double, squares: Double, count: Double)) -> Bool {
    let mean = cost.sum / cost.count
    let error = (max(0, cost.squares / cost.count - mean * mean) / cost.count).squareRoot()
    return 3 * error <= mean / 2
  }

  private static func isBeyondChance(_ count: Double, _ all: Double, _ share: Double) -> Bool {
    count - all * share > 4 * (all * share * (1 - share)).squareRoot() + 1
  }

  private static func finding(
    _ spread: SpreadCase, _ what: String, _ host: Int, _ ratio: Double, _ route: String, _ count: Double,
    _ mean: Double
  ) -> Finding {
    let address = spread.all.hosts[host].shown
    let each =
      what == "bytes"
      ? Quantity.bytes(Int64(mean)) : "\(Decimals.text(mean / 1000, digits: mean < 10_000 ? 1 : 0)) ms"
    var finding = spread.finding(
      .unevenWork,
      "Requests are even, \(what) is not: \(address) has \(Decimals.text(ratio, digits: 2)) of its share, for it gets "
        + "\(Quantity.counted(Int64(count), "request")) to \(Shown.text(route.isEmpty ? "one path" : route, limit: 100)) at \(each) each."
    )
    finding.subject.host = spread.all.hosts[host].address
    finding.subject.pod = spread.all.hosts[host].pod
    finding.subject.meshCluster = spread.all.hosts[host].meshCluster
    finding.numbers += [
      .init("work_over_share", ratio, digits: 2), .init("heavy_requests", count),
      .init(what == "bytes" ? "mean_bytes" : "mean_ms", what == "bytes" ? mean : mean / 1000, digits: 1),
    ]
    finding.evidence.append(
      "`meshweft traces --service \(spread.service) --path '\(Shown.text(route, limit: 100))' --sort slowest` shows them."
    )
    finding.remedies = [
      .init(
        "Give the heavy path hosts of its own: a route to a subset or service for it; that costs pods that idle when it does."
      ),
      .init(
        "Balance by requests in flight instead of by turns, where callers balance themselves.",
        yaml: Manifest.destinationRule(
          spread.service,
          """
              loadBalancer:
                simple: LEAST_REQUEST
          """)),
    ]
    if spread.all.crossedBorder {
      finding.remedies[1] = .init(
        "Let connections end sooner, so that heavy ones move; each new one costs a handshake over the border.",
        yaml: Manifest.maxRequestsPerConnection(spread.service))
    }
    return finding
  }
}
