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
    // A host that none of these callers keeps to belongs to nobody's set.
    let used = Set(sets.flatMap(\.hosts.keys))
    guard spread.served.allSatisfy(used.contains), !isChance(sets, group, spread) else { return nil }
    let groups = Set(spread.served.compactMap { group[$0] })
    guard groups.count > 1, sets.contains(where: { $0.hosts.count > 1 }) || areClusters(spread, sets, group),
      sets.allSatisfy({ isEven($0.hosts, in: group, spread) }),
      spread.shares.unexplained(by: { group[$0] ?? $0 }) <= 1 - FindingLimits.explained
    else { return nil }
    return finding(spread, group, sets.map { ($0.client, Set($0.hosts.keys)) }, groups.count)
  }

  /// Whether callers that choose at random would keep to their sets so well once in a thousand times.
  private static func isChance(
    _ sets: [(client: Int32, hosts: [Int: Int])], _ group: [Int: Int], _ spread: SpreadCase
  ) -> Bool {
    var shares: [Int: Double] = [:]
    for host in spread.served { shares[group[host] ?? host, default: 0] += spread.shares.counts[host] }
    let total = max(1, spread.shares.total)
    let logarithm = sets.reduce(0.0) { sum, set in
      guard let first = set.hosts.keys.first else { return sum }
      let share = (shares[group[first] ?? first] ?? total) / total
      return sum + Double(set.hosts.values.reduce(0, +)) * Chance.logarithm(share)
    }
    return logarithm > -FindingLimits.silence
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
