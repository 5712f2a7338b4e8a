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
    guard spread.all.isDirect else { return nil }
    // Of a caller that has one host anyway, no key decides anything.
    let choosing = spread.byClient.values.filter { Set($0.map(\.host)).count > 1 }.flatMap { $0 }
    guard Double(choosing.count) >= covered * Double(spread.all.attempts.count) else { return nil }
    let lines = spread.lines
    return find(spread, choosing, "path") {
      lines.paths.indices.contains(Int($0.path)) ? lines.paths[Int($0.path)] : nil
    }
      ?? find(spread, choosing, "authority") {
        $0.serverLine >= 0 ? lines.attributes(Int($0.serverLine)).authority : nil
      }
  }

  private static func find(
    _ spread: SpreadCase, _ attempts: [FindingAttempt], _ name: String, _ key: (FindingAttempt) -> String?
  ) -> Finding? {
    var counts: [String: [Int32: Int]] = [:]
    var hosts: [Int32: Int] = [:]
    for attempt in attempts {
      if let key = key(attempt) { counts[key, default: [:]][attempt.host, default: 0] += 1 }
      hosts[attempt.host, default: 0] += 1
    }
    let mostOfOne = Double(hosts.values.max() ?? 0) / Double(max(1, attempts.count))
    let keys = counts.filter { $0.value.values.reduce(0, +) >= requests }
    let total = keys.values.reduce(0) { $0 + $1.values.reduce(0, +) }
    let top = keys.values.reduce(0) { $0 + ($1.values.max() ?? 0) }
    let homes = Set(
      keys.values.compactMap { counts in counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key })
    guard keys.count > 1, homes.count > 1, Double(top) >= concentration * Double(total),
      Double(total) >= covered * Double(attempts.count),
      // Where one host has nearly all, each key is there anyway.
      Chance.isAbove(Double(top), Double(total) * mostOfOne),
      let hot = keys.max(by: { ($0.value.values.max() ?? 0, $1.key) < ($1.value.values.max() ?? 0, $0.key) }),
      let home = hot.value.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })
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
