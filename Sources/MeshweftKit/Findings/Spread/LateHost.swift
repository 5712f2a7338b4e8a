/// A host came when the connections were there already, and gets less than its share since.
enum LateHost {
  /// Share of its due at most.
  private static let atMost = 0.75

  static func find(_ spread: SpreadCase) -> Finding? {
    let shares = spread.shares
    guard !spread.all.isDirect else { return nil }
    let late = spread.served.filter {
      shares.isLate($0) && shares.ratio($0) <= atMost
        && Chance.isBelow(shares.counts[$0], shares.expected[$0])
    }
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
