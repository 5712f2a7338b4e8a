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
      isEvenWithin(spread, names.count, index), what == "subset" || isSameForAll(spread, index)
    else { return nil }
    return finding(spread, what, names, index)
  }

  /// Whether no group's own hosts differ in a way that chance does not explain and that matters.
  private static func isEvenWithin(_ spread: SpreadCase, _ groups: Int, _ group: (Int) -> Int) -> Bool {
    (0..<groups).allSatisfy { index in
      let hosts = spread.served.filter { group($0) == index }
      let counts = hosts.map { spread.shares.counts[$0] }
      let due = hosts.map { spread.shares.expected[$0] }
      let scale = counts.reduce(0, +) / max(1e-9, due.reduce(0, +))
      let expected = due.map { $0 * scale }
      let most = zip(counts, expected).map { $0 / max(1e-9, $1) }.max() ?? 1
      return most < ImbalanceLimits.maxOverMean || !Chance.differs(counts, from: expected)
    }
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
