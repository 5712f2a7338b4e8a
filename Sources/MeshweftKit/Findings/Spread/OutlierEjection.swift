/// A caller's sidecar ejects a host after failures: then nothing reaches it for a while, though the caller goes on.
///
/// It needs silences of one caller at one host in which its share of that caller's other requests would have been many,
/// and failures right before nearly each of them. Callers that balance over a border see one address and eject nothing.
enum OutlierEjection {
  /// Silences at least, over all callers.
  private static let least = 2
  /// Part of the silences that follow a failure.
  private static let afterFailure = 0.8

  private struct Silences {
    var count = 0
    var afterFailure = 0
    /// Microseconds.
    var total: Int64 = 0
    var shortest = Int64.max
    var first = Int64.max
    var last = Int64.min
  }

  static func find(_ spread: SpreadCase) -> Finding? {
    guard spread.all.isDirect else { return nil }
    var found: [Int32: Silences] = [:]
    for (_, attempts) in spread.byClient { add(attempts, spread, to: &found) }
    let ejected = found.filter {
      $0.value.afterFailure >= least && Double($0.value.afterFailure) >= afterFailure * Double($0.value.count)
    }
    let explained = ejected.keys.filter { spread.shares.ratio(Int($0)) < 1 }
    guard let host = explained.min(by: { spread.shares.ratio(Int($0)) < spread.shares.ratio(Int($1)) }),
      let silences = ejected[host], othersAreEven(spread, without: Set(explained))
    else { return nil }
    return finding(spread, Int(host), silences)
  }

  private static func add(
    _ attempts: [FindingAttempt], _ spread: SpreadCase, to found: inout [Int32: Silences]
  ) {
    let hosts = Set(attempts.map(\.host))
    guard hosts.count > 1 else { return }
    for host in hosts {
      var others = 0
      var before: [FindingAttempt] = []
      var silence = 0
      func close(at end: Int64, _ found: inout [Int32: Silences]) {
        let members = hosts.count - 1
        guard let last = before.last, Double(silence) / Double(max(1, members)) >= FindingLimits.silence
        else { return }
        var sum = found[host] ?? Silences()
        sum.count += 1
        if before.suffix(3).count(where: \.failed) >= min(2, before.count) { sum.afterFailure += 1 }
        sum.total += end - last.start
        sum.shortest = min(sum.shortest, end - last.start)
        sum.first = min(sum.first, last.start)
        sum.last = max(sum.last, end)
        found[host] = sum
      }
      for attempt in attempts {
        if attempt.host != host {
          silence += 1
          continue
        }
        close(at: attempt.start, &found)
        silence = 0
        before.append(attempt)
        others += 1
      }
      close(at: attempts.last?.start ?? 0, &found)
    }
  }

  private static func othersAreEven(_ spread: SpreadCase, without: Set<Int32>) -> Bool {
    let others = spread.served.filter { !without.contains(Int32($0)) }.map(spread.shares.ratio)
    guard let most = others.max(), let least = others.min(), least > 0 else { return false }
    return most / least < 2 * ImbalanceLimits.maxOverMean
  }

  private static func finding(_ spread: SpreadCase, _ host: Int, _ silences: Silences) -> Finding {
    let failed = spread.all.attempts.count { $0.host == Int32(host) && $0.failed }
    let address = spread.all.hosts[host].shown
    let seconds = Double(silences.total) / 1e6
    var finding = spread.finding(
      .outlierEjection,
      "\(address) failed \(Quantity.counted(Int64(failed), "time")) and got nothing for a while after it, "
        + "\(Quantity.counted(Int64(silences.count), "time")) while its callers went on with the others: outlier detection "
        + "ejects it, and it got \(spread.ratio(host)) of its share.")
    finding.subject.host = spread.all.hosts[host].address
    finding.subject.pod = spread.all.hosts[host].pod
    finding.subject.meshCluster = spread.all.hosts[host].meshCluster
    (finding.from, finding.to) = (silences.first, silences.last)
    finding.evidence.append(
      "Its silences lasted \(Quantity.duration(seconds: Double(silences.shortest) / 1e6)) and more, "
        + "\(Quantity.duration(seconds: seconds)) over all callers; Envoy's grow by the base ejection time (30 s) each time."
    )
    finding.numbers += [
      .init("failures", failed), .init("silences", silences.count), .init("silent_s", seconds, digits: 0),
      .init("shortest_silence_s", Double(silences.shortest) / 1e6, digits: 1),
      .init("share", spread.shares.ratio(host), digits: 2),
    ]
    finding.remedies = [
      .init(
        "Mend the host first: its failures are the cause, the ejection keeps requests away from it. "
          + "`meshweft traces --service \(spread.service) --status 5xx` shows them."),
      .init(
        "Ejection that is too eager can be bounded; a bound of 0 % keeps failing hosts in use.",
        yaml: Manifest.destinationRule(
          spread.service,
          """
              outlierDetection:
                consecutive5xxErrors: 5
                baseEjectionTime: 30s
                maxEjectionPercent: 20
          """)),
    ]
    return finding
  }
}
