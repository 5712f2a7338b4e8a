/// Callers that balance themselves, and choose hosts by where they are or by what a request holds.

/// Callers keep to hosts of their own zone or cluster: the sets of hosts that they use are disjoint.
///
/// Only of direct calls: over a border a caller's few connections land on few hosts, too. A caller that could use several
/// hosts and uses them evenly must be among them, or the sets must be those of mesh clusters; one caller per host could as
/// well be a hash of addresses.
enum Locality {
  /// A caller's requests at least to know its set, and the part of them below which a host is not in it.
  private static let requests = 30
  private static let stray = 0.02

  static func find(_ spread: SpreadCase) -> Finding? {
    guard spread.all.isDirect else { return nil }
    var group = [Int: Int](uniqueKeysWithValues: spread.all.hosts.indices.map { ($0, $0) })
    var sets: [(client: Int32, hosts: [Int: Int])] = []
    for (client, attempts) in spread.byClient where attempts.count >= requests {
      var counts: [Int: Int] = [:]
      for attempt in attempts { counts[Int(attempt.host), default: 0] += 1 }
      sets.append((client, counts.filter { Double($0.value) >= stray * Double(attempts.count) }))
    }
    guard sets.count > 1 else { return nil }
    for set in sets {
      guard let first = set.hosts.keys.min() else { continue }
      for host in set.hosts.keys { merge(&group, group[first] ?? first, group[host] ?? host) }
    }
    let groups = Set(spread.served.compactMap { group[$0] })
    guard groups.count > 1, sets.contains(where: { $0.hosts.count > 1 }) || areClusters(spread, sets, group),
      sets.allSatisfy({ isEven($0.hosts, in: group, spread) }),
      spread.shares.unexplained(by: { group[$0] ?? $0 }) <= 1 - FindingLimits.explained
    else { return nil }
    return finding(spread, group, sets.map { ($0.client, Set($0.hosts.keys)) }, groups.count)
  }

  private static func merge(_ group: inout [Int: Int], _ one: Int, _ other: Int) {
    guard one != other else { return }
    for (host, of) in group where of == other { group[host] = one }
  }

  /// Whether a caller uses all hosts of its set alike.
  private static func isEven(_ hosts: [Int: Int], in group: [Int: Int], _ spread: SpreadCase) -> Bool {
    guard let first = hosts.keys.first else { return false }
    let members = spread.served.filter { group[$0] == group[first] }
    let counts = members.map { Double(hosts[$0] ?? 0) }
    let mean = counts.reduce(0, +) / Double(max(1, counts.count))
    return (counts.max() ?? 0) < 2 * mean || counts.count == 1
  }

  /// Whether callers of each mesh cluster use its own hosts alone.
  private static func areClusters(
    _ spread: SpreadCase, _ sets: [(client: Int32, hosts: [Int: Int])], _ group: [Int: Int]
  ) -> Bool {
    let clusters = Set(spread.served.map { spread.all.hosts[$0].meshCluster })
    return clusters.count > 1
      && sets.allSatisfy { set in
        let own = spread.lines.sources[Int(set.client)].meshCluster
        return set.hosts.keys.allSatisfy { spread.all.hosts[$0].meshCluster == own }
      }
  }

  private static func finding(
    _ spread: SpreadCase, _ group: [Int: Int], _ sets: [(client: Int32, hosts: Set<Int>)], _ groups: Int
  ) -> Finding {
    let busiest = spread.served.max { spread.shares.ratio($0) < spread.shares.ratio($1) } ?? 0
    let callers = sets.count { $0.hosts.contains(busiest) }
    let members = spread.served.count { group[$0] == group[busiest] }
    let host = spread.all.hosts[busiest]
    var finding = spread.finding(
      .locality,
      "Callers keep to hosts of their own: \(Quantity.counted(Int64(sets.count), "caller")) use \(groups) sets of hosts "
        + "that have none in common. \(Quantity.counted(Int64(callers), "caller")) share "
        + "\(Quantity.counted(Int64(members), "host")) with \(host.shown), which gets \(spread.ratio(busiest)) of an even share.",
      severity: .warning)
    finding.subject.host = host.address
    finding.numbers += [
      .init("callers", sets.count), .init("sets", groups), .init("callers_of_busiest", callers),
      .init("hosts_of_busiest", members), .init("share", spread.shares.ratio(busiest), digits: 2),
    ]
    finding.evidence.append(
      "Each caller's requests are even within its set; `meshweft load \(spread.service) --by source` shows callers."
    )
    finding.remedies = [
      .init(
        "Run as many hosts in each zone or cluster as its callers need (topologySpreadConstraints, or a deployment per zone)."
      ),
      .init(
        "Or share across zones: switch locality load balancing off; requests then cross zones, which costs time and traffic.",
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

/// A consistent hash sends all requests with one path or authority to one host.
///
/// Callers that balance themselves, several keys that each go to one host, whoever calls, and a caller that uses several
/// hosts: then it is the key that decides. What is hashed may be a header that no log has; that stays unexplained.
enum StickyKey {
  /// Requests of a key at least, the part of them at its host, and the part of all that keys with so many have.
  private static let requests = 8
  private static let concentration = 0.97
  private static let covered = 0.5

  static func find(_ spread: SpreadCase) -> Finding? {
    guard spread.all.isDirect, spread.byClient.values.contains(where: { Set($0.map(\.host)).count > 1 })
    else { return nil }
    let lines = spread.lines
    return find(spread, "path") {
      lines.paths.indices.contains(Int($0.path)) ? lines.paths[Int($0.path)] : nil
    }
      ?? find(spread, "authority") {
        $0.serverLine >= 0 ? lines.attributes(Int($0.serverLine)).authority : nil
      }
  }

  private static func find(
    _ spread: SpreadCase, _ name: String, _ key: (Attempt) -> String?
  ) -> Finding? {
    var counts: [String: [Int32: Int]] = [:]
    for attempt in spread.all.attempts {
      if let key = key(attempt) { counts[key, default: [:]][attempt.host, default: 0] += 1 }
    }
    let keys = counts.filter { $0.value.values.reduce(0, +) >= requests }
    let total = keys.values.reduce(0) { $0 + $1.values.reduce(0, +) }
    let top = keys.values.reduce(0) { $0 + ($1.values.max() ?? 0) }
    let homes = Set(keys.values.compactMap { counts in counts.max { $0.value < $1.value }?.key })
    guard keys.count > 1, homes.count > 1, Double(top) >= concentration * Double(total),
      Double(total) >= covered * Double(spread.all.attempts.count),
      let hot = keys.max(by: { ($0.value.values.max() ?? 0, $1.key) < ($1.value.values.max() ?? 0, $0.key) }),
      let home = hot.value.max(by: { $0.value < $1.value })
    else { return nil }
    return finding(spread, name, hot.key, Int(home.key), home.value, keys.count)
  }

  private static func finding(
    _ spread: SpreadCase, _ name: String, _ key: String, _ host: Int, _ requests: Int, _ keys: Int
  ) -> Finding {
    let address = spread.all.hosts[host].shown
    let share = Double(requests) / Double(max(1, spread.all.attempts.count))
    var finding = spread.finding(
      .stickyKey,
      "Each \(name) goes to one host, whoever calls: a consistent hash. \(Shown.text(key, limit: 100)) alone has "
        + "\(Quantity.counted(Int64(requests), "request")) (\(Decimals.percent(share))), all at \(address).")
    finding.subject.host = spread.all.hosts[host].address
    finding.subject.pod = spread.all.hosts[host].pod
    finding.evidence.append(
      "\(Quantity.counted(Int64(keys), name == "path" ? "path" : "value")) with \(StickyKey.requests) requests and more "
        + "each keep to their host; `meshweft traces --service \(spread.service) --path '\(Shown.text(key, limit: 100))'` shows some."
    )
    finding.numbers += [
      .init("keys", keys), .init("hot_requests", requests), .init("hot_share", share, digits: 3),
    ]
    finding.remedies = [
      .init(
        "Spread by request where no host holds state; caches and sessions that rely on the hash then miss.",
        yaml: Manifest.destinationRule(
          spread.service,
          """
              loadBalancer:
                simple: LEAST_REQUEST
          """)),
      .init("Or split the hot key, so that its parts have other hashes."),
    ]
    return finding
  }
}
