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
    /// Of pauses between requests of one caller: so many would be silences by chance.
    var byChance = 0.0
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
        && Chance.isAbove(Double($0.value.count), $0.value.byChance)
    }
    let explained = ejected.keys.filter { spread.shares.ratio(Int($0)) < 1 }
    guard let host = explained.min(by: { spread.shares.ratio(Int($0)) < spread.shares.ratio(Int($1)) }),
      let silences = ejected[host], othersAreEven(spread, without: Set(explained))
    else { return nil }
    return finding(spread, Int(host), silences)
  }

  /// Requests of one caller to others, from one of its requests to a host to the next.
  private struct Pause {
    var others = 0
    /// Microseconds since the epoch.
    var from: Int64
    var to: Int64
    var followsFailure: Bool
  }

  private static func add(
    _ attempts: [FindingAttempt], _ spread: SpreadCase, to found: inout [Int32: Silences]
  ) {
    let hosts = Set(attempts.map(\.host))
    guard hosts.count > 1 else { return }
    for host in hosts {
      let pauses = pauses(attempts, host)
      // What others usually get meanwhile: of random choices half of the pauses are shorter than ln 2 times the mean.
      let due = Double(hosts.count - 1)
      let middle = Chance.median(pauses.map { Double($0.others) })
      let bound = FindingLimits.silence * (middle > due ? middle / Chance.logarithm(2) : due)
      var sum = found[host] ?? Silences()
      sum.byChance += Double(pauses.count) * Chance.exponential(-FindingLimits.silence)
      for pause in pauses where Double(pause.others) >= bound {
        sum.count += 1
        sum.afterFailure += pause.followsFailure ? 1 : 0
        sum.total += pause.to - pause.from
        sum.shortest = min(sum.shortest, pause.to - pause.from)
        sum.first = min(sum.first, pause.from)
        sum.last = max(sum.last, pause.to)
      }
      found[host] = sum
    }
  }

  private static func pauses(_ attempts: [FindingAttempt], _ host: Int32) -> [Pause] {
    var pauses: [Pause] = []
    var open: Pause?
    var lastFailed: [Bool] = []
    for attempt in attempts {
      guard attempt.host == host else {
        open?.others += 1
        continue
      }
      if var pause = open {
        pause.to = attempt.start
        pauses.append(pause)
      }
      lastFailed = lastFailed.suffix(2) + [attempt.failed]
      let failures = lastFailed.count { $0 }
      open = Pause(
        from: attempt.start, to: attempt.start, followsFailure: failures >= min(2, lastFailed.count))
    }
    if var pause = open {
      pause.to = attempts.last?.start ?? pause.from
      pauses.append(pause)
    }
    return pauses
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
