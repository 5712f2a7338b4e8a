/// Even within each subset or version, uneven between: weights, or a subset with too few pods.
enum WeightedSubsets {
  static func find(_ spread: SpreadCase) -> Finding? {
    find(spread, "subset") { spread.all.hosts[$0].subset }
      ?? find(spread, "version") { spread.all.hosts[$0].workload(spread.lines) }
      ?? find(spread, "version") { spread.all.hosts[$0].version }
  }

  private static func find(_ spread: SpreadCase, _ what: String, _ name: @escaping (Int) -> String)
    -> Finding?
  {
    let hosts = spread.served
    let names = Set(hosts.map(name)).sorted()
    guard names.count > 1, !names.contains(""), names.count * 2 <= hosts.count || hosts.count <= 3 else {
      return nil
    }
    guard names.count < hosts.count || what == "subset" else { return nil }
    let index: (Int) -> Int = { host in names.firstIndex(of: name(host)) ?? -1 }
    guard spread.shares.unexplained(by: index) <= 1 - FindingLimits.explained,
      what == "subset" || isSameForAll(spread, index)
    else { return nil }
    return finding(spread, what, names, index)
  }

  /// Whether each caller that balances itself sends the same parts to the groups.
  private static func isSameForAll(_ spread: SpreadCase, _ group: (Int) -> Int) -> Bool {
    guard spread.all.isDirect else { return false }
    var parts: [Double] = []
    for attempts in spread.byClient.values where attempts.count >= 50 {
      parts.append(Double(attempts.count { group(Int($0.host)) == 0 }) / Double(attempts.count))
    }
    guard let least = parts.min(), let most = parts.max() else { return false }
    return most > 0.005 && least < 0.995 && most - least < 0.15
  }

  private static func finding(_ spread: SpreadCase, _ what: String, _ names: [String], _ group: (Int) -> Int)
    -> Finding
  {
    let parts = names.indices.map { index in
      let hosts = spread.served.filter { group($0) == index }
      return (
        hosts: hosts.count,
        share: hosts.reduce(0.0) { $0 + spread.shares.counts[$1] } / max(1, spread.shares.total)
      )
    }
    let words = zip(names, parts).map { name, part in
      "\(Shown.text(name, limit: 60)) gets \(Decimals.percent(part.share)) over \(Quantity.counted(Int64(part.hosts), "host"))"
    }
    var finding = spread.finding(
      .weightedSubsets,
      "Requests are even within each \(what), not between: \(words.joined(separator: ", ")).", severity: .info
    )
    for (name, part) in zip(names, parts) {
      finding.numbers += [
        .init("share_of_\(name)", part.share, digits: 3), .init("hosts_of_\(name)", part.hosts),
      ]
    }
    finding.remedies = [
      .init(
        "If the parts are meant (a canary, weights of a VirtualService), nothing is wrong. Else give each \(what) as many pods as its weight needs; pods cost memory and CPU."
      )
    ]
    return finding
  }
}

extension AttemptHost {
  fileprivate func workload(_ lines: FindingLines) -> String {
    source >= 0 ? lines.sources[source].workload : ""
  }
}

/// Hosts that are used only while others fail or are gone.
///
/// Before and after, the others got all; while it lasts, they get hardly anything that succeeds.
enum Failover {
  /// Microseconds.
  private static let width: Int64 = 10_000_000

  static func find(_ spread: SpreadCase) -> Finding? {
    guard spread.all.isDirect || spread.served.contains(where: { spread.all.hosts[$0].meshCluster != "" })
    else { return nil }
    let window = spread.shares.window
    let count = Int((window.upperBound - window.lowerBound) / width) + 1
    guard count >= 6, count <= FindingLimits.cells / max(1, spread.all.hosts.count) else { return nil }
    var good = [[Double]](repeating: [Double](repeating: 0, count: count), count: spread.all.hosts.count)
    var all = good
    for attempt in spread.all.attempts {
      let bin = min(count - 1, Int((attempt.start - window.lowerBound) / width))
      all[Int(attempt.host)][bin] += 1
      if !attempt.failed { good[Int(attempt.host)][bin] += 1 }
    }
    // Backups: hosts that get nothing for most of the time.
    let backups = spread.served.filter { host in all[host].count { $0 == 0 } * 2 > count }
    let others = spread.served.filter { !backups.contains($0) }
    guard !backups.isEmpty, !others.isEmpty else { return nil }
    let usual = Chance.median((0..<count).map { bin in others.reduce(0.0) { $0 + good[$1][bin] } })
    guard usual >= 5 else { return nil }
    let down = (0..<count).map { bin in others.reduce(0.0) { $0 + good[$1][bin] } < 0.3 * usual }
    let total = backups.reduce(0.0) { $0 + all[$1].reduce(0, +) }
    let during = backups.reduce(0.0) { sum, host in
      sum
        + (0..<count).reduce(0.0) { bins, bin in
          let near = down[bin] || bin > 0 && down[bin - 1] || bin + 1 < count && down[bin + 1]
          return bins + (near ? all[host][bin] : 0)
        }
    }
    guard total >= 20, during >= 0.95 * total, let first = down.firstIndex(of: true),
      let last = down.lastIndex(of: true),
      first > 0 || last < count - 1
    else { return nil }
    return finding(
      spread, backups, others, total, window.lowerBound + Int64(first) * width,
      window.lowerBound + Int64(last + 1) * width)
  }

  private static func finding(
    _ spread: SpreadCase, _ backups: [Int], _ others: [Int], _ requests: Double, _ from: Int64, _ to: Int64
  ) -> Finding {
    let address = spread.all.hosts[backups[0]].shown
    let more = backups.count > 1 ? " and \(backups.count - 1) more" : ""
    var finding = spread.finding(
      .failover,
      "\(address)\(more) got \(Quantity.counted(Int64(requests), "request")), all between \(Instant.text(from, digits: 0)) and "
        + "\(Instant.text(to, digits: 0)), while the \(Quantity.counted(Int64(others.count), "host")) that are used otherwise failed or were gone."
    )
    finding.subject.host = spread.all.hosts[backups[0]].address
    finding.subject.meshCluster = spread.all.hosts[backups[0]].meshCluster
    (finding.from, finding.to) = (from, to)
    finding.numbers += [
      .init("failover_requests", requests), .init("backups", backups.count),
      .init("usual_hosts", others.count),
    ]
    finding.remedies = [
      .init(
        "Look at what ended or failed at the usual hosts in that time; failover did its work, and costs the way to the others."
      )
    ]
    return finding
  }
}

/// Uneven, and none of the known causes fits.
enum Unexplained {
  static func finding(_ spread: SpreadCase) -> Finding {
    let shares = spread.shares
    let busiest = shares.counts.indices.max { shares.ratio($0) < shares.ratio($1) } ?? 0
    var finding = spread.finding(
      .unexplained,
      "The busiest host, \(spread.all.hosts[busiest].shown), gets \(spread.ratio(busiest)) of its share, and none of the known causes fits."
    )
    finding.subject.host = spread.all.hosts[busiest].address
    finding.confidence = 0.5
    finding.numbers.append(.init("connections", spread.all.connections.count))
    finding.evidence += excluded(spread)
    finding.remedies = [
      .init(
        "`meshweft load \(spread.service) --by source` and `--by host` show who calls whom and when; `--since` narrows the time."
      )
    ]
    return finding
  }

  private static func excluded(_ spread: SpreadCase) -> [String] {
    if spread.all.isDirect {
      return [
        "Callers reach hosts directly, so connections at cross-network proxies do not matter.",
        "No host is left out after failures (outlier_ejection), no caller keeps to hosts of its own (locality), no path or "
          + "authority has one host (sticky_key; a hash of a header or cookie would not show), versions and slow hosts do not explain it.",
      ]
    }
    return [
      "Connections per host explain \(Decimals.percent(max(0, ConnectionPinning.explainedByConnections(spread)))) of it (few_connections, connection_pinning).",
      "Proxies (proxy_share), subsets (weighted_subsets), hosts that came late or lost their connections do not explain it.",
    ]
  }
}
