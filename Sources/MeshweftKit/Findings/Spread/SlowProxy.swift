/// Requests over one proxy lose more time on the way than over its peers, for the same callers at the same time.
enum SlowProxy {
  static func find(_ context: FindingContext) -> [Finding] {
    context.services.flatMap { spread in find(spread) }
  }

  private static func find(_ spread: SpreadCase) -> [Finding] {
    let window = spread.shares.window
    let width = max(1, (window.upperBound - window.lowerBound) / 8 + 1)
    var strata: [String: Int] = [:]
    var samples: [Slow.Sample] = []
    for attempt in spread.all.attempts
    where attempt.proxy >= 0 && attempt.clientLine >= 0 && attempt.serverLine >= 0 && !attempt.failed {
      let cost = max(0, spread.lines.lines[Int(attempt.clientLine)].duration - attempt.busy)
      let source = spread.lines.sources[Int(attempt.client)]
      let key = "\(source.meshCluster)/\(source.caller) \((attempt.start - window.lowerBound) / width)"
      let stratum = strata[key] ?? strata.count
      strata[key] = stratum
      samples.append(Slow.Sample(who: Int(attempt.proxy), stratum: stratum, time: Double(cost)))
    }
    return Slow.find(samples).map { slow in
      let source = spread.lines.sources[slow.who]
      var finding = spread.finding(
        .slowProxy,
        "Requests over \(source.pod) lose \(Decimals.text(slow.median / 1000, digits: 1)) ms on the way, over the other proxies "
          + "\(Decimals.text(slow.peers / 1000, digits: 1)) ms, from the same callers at the same time.")
      finding.subject.proxy = source.pod
      finding.subject.meshCluster = source.meshCluster
      finding.numbers = [
        .init("requests", slow.count), .init("times_slower", slow.times, digits: 1),
        .init("border_ms", slow.median / 1000, digits: 1),
        .init("peers_border_ms", slow.peers / 1000, digits: 1),
      ]
      finding.evidence = [
        "Client time less the server's own time; `meshweft traces --service \(spread.service) --sort border-cost` shows some."
      ]
      finding.remedies = [
        .init("Look at the proxy's CPU and its node, and at the way to it (its zone, its EIP).")
      ]
      return finding
    }
  }
}
