internal import Foundation

/// A host that takes longer for the same paths than its peers at the same time.
enum SlowHost {
  static func find(_ spread: SpreadCase) -> [Finding] {
    // How long a connection is open says nothing about its host.
    guard spread.served.count > 1, !spread.all.isTCP else { return [] }
    let window = spread.shares.window
    let width = max(1, (window.upperBound - window.lowerBound) / 8 + 1)
    var strata: [String: Int] = [:]
    let samples = spread.all.attempts.lazy.filter { !$0.failed && $0.serverLine >= 0 }.map { attempt in
      // Answers of another size are other work.
      let size = attempt.bytes > 0 ? 63 - attempt.bytes.leadingZeroBitCount >> 1 : 0
      let key = "\(spread.lines.route(attempt.path)) \((attempt.start - window.lowerBound) / width) \(size)"
      let stratum = strata[key] ?? strata.count
      strata[key] = stratum
      return Slow.Sample(who: Int(attempt.host), stratum: stratum, time: Double(attempt.busy))
    }
    return Slow.find(Array(samples)).map { finding(spread, $0) }
  }

  private static func finding(_ spread: SpreadCase, _ slow: Slow.Result) -> Finding {
    let host = spread.all.hosts[slow.who]
    let (own, peers) = (
      Decimals.text(slow.median / 1000, digits: 1), Decimals.text(slow.peers / 1000, digits: 1)
    )
    var finding = spread.finding(
      .slowHost,
      "\(host.shown) takes \(Decimals.text(slow.times, digits: 1)) times as long as the other hosts for the same paths at the "
        + "same time: \(own) ms in the middle, theirs \(peers) ms.")
    finding.subject.host = host.address
    finding.subject.pod = host.pod
    finding.subject.meshCluster = host.meshCluster
    finding.numbers = [
      .init("requests", slow.count), .init("times_slower", slow.times, digits: 1),
      .init("median_ms", slow.median / 1000, digits: 1),
      .init("peers_median_ms", slow.peers / 1000, digits: 1),
    ]
    finding.evidence = [
      "The times are the host's own sidecar's, so that network and proxies are not in them.",
      "`meshweft load \(spread.service)` shows each host's durations.",
    ]
    finding.remedies = [
      .init(
        "Look at the pod and its node: CPU throttling, a cold JVM or cache, a noisy neighbour, a zone that is far from its database."
      ),
      .init(
        "Until then, callers that balance by requests in flight send it less.",
        yaml: Manifest.destinationRule(
          spread.service,
          """
              loadBalancer:
                simple: LEAST_REQUEST
          """)),
    ]
    if spread.all.crossedBorder { finding.remedies.removeLast() }
    return finding
  }
}
