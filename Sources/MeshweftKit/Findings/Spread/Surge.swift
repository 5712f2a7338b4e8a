/// A host that has just come gets a burst of requests.
enum Surge {
  /// Microseconds.
  private static let width: Int64 = 5_000_000
  private static let length: Int64 = 60_000_000
  private static let factor = 2.0
  /// What it gets then, beside what it got at first: a host that goes on so has no surge.
  private static let settled = 0.6

  static func find(_ spread: SpreadCase) -> [Finding] {
    let shares = spread.shares
    let starts = spread.all.attempts.map(\.start)
    return spread.served.filter { shares.isLate($0) }.compactMap { host in
      let came = shares.lives[host].lowerBound
      let members = shares.lives.count { $0.lowerBound <= came && $0.upperBound >= came + length }
      guard members > 1 else { return nil }
      var worst: (seconds: Int, own: Int, due: Double)?
      for steps in 2...6 {
        let to = came + Int64(steps) * width
        let range = Shares.place(of: came, in: starts)..<Shares.place(of: to, in: starts)
        let own = range.count { spread.all.attempts[$0].host == Int32(host) }
        let due = Double(range.count) / Double(members)
        guard due >= 10, Double(own) >= factor * due, Double(own) - due > 5 * due.squareRoot() else {
          continue
        }
        worst = (steps * 5, own, due)
      }
      guard let worst, settles(spread, starts, host, from: came, worst) else { return nil }
      return finding(spread, host, came, worst)
    }
  }

  /// Whether it gets less of what comes in the minutes that follow.
  private static func settles(
    _ spread: SpreadCase, _ starts: [Int64], _ host: Int, from came: Int64,
    _ worst: (seconds: Int, own: Int, due: Double)
  ) -> Bool {
    let from = came + Int64(worst.seconds) * 1_000_000
    let range = Shares.place(of: from, in: starts)..<Shares.place(of: from + 3 * length, in: starts)
    let burst = Double(worst.own) / worst.due
    let members = spread.shares.lives.count { $0.lowerBound <= came && $0.upperBound >= came + length }
    let due = Double(range.count) / Double(max(1, members))
    guard due >= 10 else { return true }
    let own = Double(range.count { spread.all.attempts[$0].host == Int32(host) })
    return own / due <= settled * burst
  }

  private static func finding(
    _ spread: SpreadCase, _ host: Int, _ came: Int64, _ worst: (seconds: Int, own: Int, due: Double)
  ) -> Finding {
    let address = spread.all.hosts[host].shown
    let times = Double(worst.own) / worst.due
    var finding = spread.finding(
      .surge,
      "\(address) came at \(Instant.text(came, digits: 0)) and got \(Quantity.counted(Int64(worst.own), "request")) in its first "
        + "\(worst.seconds) s, \(Decimals.text(times, digits: 1)) times its share.")
    finding.subject.host = spread.all.hosts[host].address
    finding.subject.pod = spread.all.hosts[host].pod
    (finding.from, finding.to) = (came, came + Int64(worst.seconds) * 1_000_000)
    finding.numbers = [
      .init("requests", worst.own), .init("seconds", worst.seconds), .init("times_share", times, digits: 1),
    ]
    finding.remedies = [
      .init(
        "Let new hosts warm up; the others carry more for that time.",
        yaml: Manifest.destinationRule(
          spread.service,
          """
              loadBalancer:
                simple: LEAST_REQUEST
                warmup:
                  duration: 60s
          """))
    ]
    return finding
  }
}
