/// One service's verdict.
struct ServiceImbalance: Sendable {
  typealias Verdict = SpreadVerdict.Verdict

  let spread: ServiceSpread
  let verdict: Verdict
  let cause: ImbalanceCause
  /// What lines told beyond sums; nil where sums say that nothing is uneven.
  let conclusion: SpreadVerdict?
  /// Pairs of client and host with the most requests, at the hosts that have more than the mean.
  let drivers: [ServiceSpread.Driver]
  /// What is not known, in sentences.
  let caveats: [String]

  init(_ spread: ServiceSpread, knowsEndpoints: Bool, conclusion: SpreadVerdict? = nil) {
    self.spread = spread
    self.conclusion = conclusion
    let requests = spread.requests
    if let conclusion {
      verdict = conclusion.verdict
      cause = conclusion.cause.flatMap { ImbalanceCause(rawValue: $0.kind.rawValue) } ?? .none
    } else {
      verdict = requests.isUneven ? .imbalanced : requests.couldTell ? .balanced : .tooFew
      cause = verdict == .imbalanced ? ImbalanceCause(spread) : .none
    }
    drivers = verdict == .imbalanced ? ServiceImbalance.drivers(spread) : []
    caveats = ServiceImbalance.caveats(spread, knowsEndpoints: knowsEndpoints)
  }

  private static func drivers(_ spread: ServiceSpread) -> [ServiceSpread.Driver] {
    let mean = spread.requests.total / Double(max(1, spread.hosts.count))
    let busy = Set(spread.hosts.values.filter { Double($0.requests) > mean }.map(\.key))
    let all = spread.drivers.values.filter { busy.contains($0.host) }
    let sorted = all.sorted { ($1.requests, $0.client, $0.host) < ($0.requests, $1.client, $1.host) }
    return Array(sorted.prefix(ImbalanceLimits.drivers))
  }

  private static func caveats(_ spread: ServiceSpread, knowsEndpoints: Bool) -> [String] {
    var caveats: [String] = []
    if !knowsEndpoints {
      caveats.append(
        "Hosts without any request log nothing and are not counted: --endpoints FILE adds them.")
    }
    for host in spread.sortedHosts where host.isIdle {
      let pod = host.pod.isEmpty ? "" : " (\(Shown.text(host.pod, limit: 100)))"
      caveats.append(
        "\(Shown.text(host.host, limit: 100))\(pod) got no request: it is not ready, the proxies do not know it, or no "
          + "connection was made since it started.")
    }
    for host in spread.unreachable {
      caveats.append("\(Shown.text(host, limit: 100)) was called by a proxy and never took a connection.")
    }
    for host in spread.partlyTold {
      caveats.append(
        "\(Shown.text(host, limit: 100)) was called, but its log is not here, nor are all callers' logs: it is not counted."
      )
    }
    for host in spread.unlogged {
      caveats.append(
        "\(Shown.text(host, limit: 100)) took connections, but no log has its requests, so it is not counted."
      )
    }
    if spread.unplaced > 0 {
      caveats.append("\(Quantity.counted(spread.unplaced, "request")) ended before a host was known.")
    }
    if !spread.hasServers {
      caveats.append(
        spread.hasProxies
          ? "There are no server logs: requests are counted by the host that a proxy logged."
          : "There are neither server nor proxy logs: hosts are the addresses that clients called, perhaps those of a border."
      )
    } else if spread.proxies.isEmpty {
      caveats.append("No proxy's line is linked: how requests were shared among proxies is not known.")
    }
    return caveats
  }
}
