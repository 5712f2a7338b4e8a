/// Hosts that are used only while others fail or are gone.
///
/// Before and after, the others got all; while it lasts, they get hardly anything that succeeds.
enum Failover {
  /// Microseconds.
  private static let width: Int64 = 10_000_000

  static func find(_ spread: SpreadCase) -> Finding? {
    guard spread.all.isDirect || spread.served.contains(where: { spread.all.hosts[$0].meshCluster != "" })
    else { return nil }
    let window = spread.shares.window
    let count = Int((window.upperBound - window.lowerBound) / width) + 1
    guard count >= 6, count <= FindingLimits.cells / max(1, spread.all.hosts.count) else { return nil }
    var good = [[Double]](repeating: [Double](repeating: 0, count: count), count: spread.all.hosts.count)
    var all = good
    for attempt in spread.all.attempts {
      let bin = min(count - 1, Int((attempt.start - window.lowerBound) / width))
      all[Int(attempt.host)][bin] += 1
      if !attempt.failed { good[Int(attempt.host)][bin] += 1 }
    }
    // Backups: hosts that get nothing for most of the time.
    let backups = spread.served.filter { host in all[host].count { $0 == 0 } * 2 > count }
    let others = spread.served.filter { !backups.contains($0) }
    guard !backups.isEmpty, !others.isEmpty else { return nil }
    let usual = Chance.median((0..<count).map { bin in others.reduce(0.0) { $0 + good[$1][bin] } })
    guard usual >= 5 else { return nil }
    let down = (0..<count).map { bin in others.reduce(0.0) { $0 + good[$1][bin] } < 0.3 * usual }
    let total = backups.reduce(0.0) { $0 + all[$1].reduce(0, +) }
    let during = backups.reduce(0.0) { sum, host in
      sum
        + (0..<count).reduce(0.0) { bins, bin in
          let near = down[bin] || bin > 0 && down[bin - 1] || bin + 1 < count && down[bin + 1]
          return bins + (near ? all[host][bin] : 0)
        }
    }
    guard total >= 20, during >= 0.95 * total, let first = down.firstIndex(of: true),
      let last = down.lastIndex(of: true),
      first > 0 || last < count - 1
    else { return nil }
    return finding(
      spread, backups, others, total, window.lowerBound + Int64(first) * width,
      window.lowerBound + Int64(last + 1) * width)
  }

  private static func finding(
    _ spread: SpreadCase, _ backups: [Int], _ others: [Int], _ requests: Double, _ from: Int64, _ to: Int64
  ) -> Finding {
    let address = spread.all.hosts[backups[0]].shown
    let more = backups.count > 1 ? " and \(backups.count - 1) more" : ""
    var finding = spread.finding(
      .failover,
      "\(address)\(more) got \(Quantity.counted(Int64(requests), "request")), all between \(Instant.text(from, digits: 0)) and "
        + "\(Instant.text(to, digits: 0)), while the \(Quantity.counted(Int64(others.count), "host")) that are used otherwise failed or were gone."
    )
    finding.subject.host = spread.all.hosts[backups[0]].address
    finding.subject.meshCluster = spread.all.hosts[backups[0]].meshCluster
    (finding.from, finding.to) = (from, to)
    finding.numbers += [
      .init("failover_requests", requests), .init("backups", backups.count),
      .init("usual_hosts", others.count),
    ]
    finding.remedies = [
      .init(
        "Look at what ended or failed at the usual hosts in that time; failover did its work, and costs the way to the others."
      )
    ]
    return finding
  }
}
