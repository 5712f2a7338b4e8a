/// Callers that send fewer requests to slower hosts, as least request does: not a fault.
///
/// The fast hosts are even, each slow one gets less, and not so little that it is less busy than the fast ones: whatever
/// keeps requests away from a host beyond its slowness is something else.
enum AdaptiveBalancing {
  private static let slower = 1.5
  /// In flight at a slow host, beside the fast ones'.
  private static let least = 0.5

  static func find(_ spread: SpreadCase) -> Finding? {
    guard spread.all.isDirect, spread.all.hosts.count > 1 else { return nil }
    let hosts = spread.served
    let times = hosts.map { host in meanBusy(spread, host) }
    guard let fastest = times.min(), fastest >= 0 else { return nil }
    let slow = hosts.indices.filter { times[$0] > slower * max(1000, fastest) + 1000 }
    let fast = hosts.indices.filter { !slow.contains($0) }
    guard !slow.isEmpty, !fast.isEmpty else { return nil }
    let ratios = hosts.map(spread.shares.ratio)
    let fastRatios = fast.map { ratios[$0] }
    guard let most = fastRatios.max(), let least = fastRatios.min(), least > 0,
      most / least < ImbalanceLimits.maxOverMean, slow.allSatisfy({ ratios[$0] < least })
    else { return nil }
    // Beyond chance: slower one by one, and fewer.
    let fastTimes = fast.flatMap { goodTimes(spread, hosts[$0]) }
    guard
      slow.allSatisfy({
        Chance.isLarger(goodTimes(spread, hosts[$0]), fastTimes)
          && Chance.isBelow(spread.shares.counts[hosts[$0]], spread.shares.expected[hosts[$0]])
      })
    else { return nil }
    let fastFlight = Chance.median(fast.map { ratios[$0] * times[$0] })
    let flights = slow.map { ratios[$0] * times[$0] }
    guard flights.allSatisfy({ $0 >= self.least * fastFlight }) else { return nil }
    guard let slowest = slow.max(by: { times[$0] < times[$1] }) else { return nil }
    return finding(spread, hosts[slowest], times[slowest] / max(1, fastest), times[slowest])
  }

  /// Microseconds, of requests that did not fail.
  private static func goodTimes(_ spread: SpreadCase, _ host: Int) -> [Double] {
    spread.all.attempts.filter { $0.host == Int32(host) && !$0.failed }.map { Double($0.busy) }
  }

  /// Microseconds.
  private static func meanBusy(_ spread: SpreadCase, _ host: Int) -> Double {
    let good = spread.all.attempts.lazy.filter { $0.host == Int32(host) && !$0.failed }
    let (sum, count) = good.reduce((0.0, 0.0)) { ($0.0 + Double($1.busy), $0.1 + 1) }
    return count > 0 ? sum / count : -1
  }

  private static func finding(_ spread: SpreadCase, _ host: Int, _ times: Double, _ mean: Double) -> Finding {
    let address = spread.all.hosts[host].shown
    var finding = spread.finding(
      .adaptiveBalancing,
      "\(address) is \(Decimals.text(times, digits: 1)) times slower and gets \(spread.ratio(host)) of its share: "
        + "callers that balance by requests in flight send less to slower hosts. Nothing is wrong with the balancing.",
      severity: .info)
    finding.subject.host = spread.all.hosts[host].address
    finding.subject.pod = spread.all.hosts[host].pod
    finding.numbers += [
      .init("times_slower", times, digits: 1), .init("mean_ms", mean / 1000, digits: 1),
      .init("share", spread.shares.ratio(host), digits: 2),
    ]
    finding.evidence.append("The faster hosts are even, and the slow one is no less busy than they are.")
    finding.remedies = [
      .init(
        "Look at why the host is slow: its node, its limits, what it waits for. Balancing costs nothing here."
      )
    ]
    return finding
  }
}
