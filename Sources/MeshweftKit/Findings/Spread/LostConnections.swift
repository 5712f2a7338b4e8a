/// A host lost all of its connections; they went elsewhere and did not come back.
enum LostConnections {
  static func find(_ spread: SpreadCase) -> Finding? {
    guard !spread.all.isDirect else { return nil }
    let found = spread.served.compactMap { host in loss(spread, host).map { (host, $0) } }
    guard let (host, loss) = found.max(by: { $0.1.before - $0.1.after < $1.1.before - $1.1.after }) else {
      return nil
    }
    let address = spread.all.hosts[host].shown
    var finding = spread.finding(
      .lostConnections,
      "\(address) lost all of its \(Quantity.counted(Int64(loss.connections), "connection")) by \(Instant.text(loss.time, digits: 0)), "
        + "and \(loss.after > 0 ? "few" : "none") came back: it got \(Decimals.text(loss.before, digits: 2)) of its share before and "
        + "\(Decimals.text(loss.after, digits: 2)) since.")
    finding.subject.host = spread.all.hosts[host].address
    finding.subject.pod = spread.all.hosts[host].pod
    finding.from = loss.time
    finding.numbers += [
      .init("connections", loss.connections), .init("share_before", loss.before, digits: 2),
      .init("share_after", loss.after, digits: 2),
    ]
    finding.remedies = [
      .init(
        "Bound the life of connections, so that they are spread anew; each new one costs a handshake.",
        yaml: Manifest.maxConnectionDuration(spread.service)),
      .init("Once: restart the callers (`kubectl rollout restart`); they connect anew."),
    ]
    return finding
  }

  private struct Loss {
    var time: Int64
    var connections: Int
    var before: Double
    var after: Double
  }

  /// A time by which all connections of the host had ended, with a fair share before and half of it at most after.
  private static func loss(_ spread: SpreadCase, _ host: Int) -> Loss? {
    let own = spread.all.connections.filter { $0.host == Int32(host) }.sorted {
      ($0.first, $0.last) < ($1.first, $1.last)
    }
    let life = spread.shares.lives[host]
    let lastCalls = spread.all.attempts.reduce(into: [Int32: Int64]()) { $0[$1.client] = $1.start }
    var last = Int64.min
    var count = 0
    var best: Loss?
    for connection in own + [
      AttemptConnection(host: 0, client: 0, proxy: 0, first: .max, last: .max, crossedBorder: true)
    ] {
      if count > 1, connection.first > last, last < life.upperBound,
        callersStay(own.prefix(count), lastCalls, after: last), endTogether(own.prefix(count), at: last),
        let shares = shares(spread, host, life, at: last), shares.before >= 0.75, shares.after <= 0.5
      {
        best = Loss(time: last, connections: count, before: shares.before, after: shares.after)
      }
      last = max(last, connection.last)
      count += 1
    }
    return best
  }

  /// Whether the connections that were open before a time ended together, as they do when a host restarts or lets go of them;
  /// those of a host that chance gave no new ones end one by one.
  private static func endTogether(_ connections: ArraySlice<AttemptConnection>, at time: Int64) -> Bool {
    // A connection is known to end with its last request, up to some of its pauses earlier.
    let pauses = connections.map { Double($0.last - $0.first) / Double(max(1, $0.requests - 1)) }
    let slack = Int64(4 * Chance.median(pauses)) + together
    let open = connections.filter { $0.first <= time - slack && $0.last > time - 3 * slack }
    let ending = open.count { $0.last > time - slack }
    guard ending > 1, Double(ending) >= most * Double(open.count) else { return false }
    let begin = connections.first?.first ?? time
    let usual =
      Double(connections.count - ending) * Double(slack) / Double(max(slack, time - begin))
    return Chance.isAbove(Double(ending), usual)
  }

  /// Microseconds.
  private static let together: Int64 = 5_000_000
  /// Part of the connections that were open.
  private static let most = 0.75

  /// Whether most callers of the connections went on calling: connections of callers that ended are not lost.
  private static func callersStay(
    _ connections: ArraySlice<AttemptConnection>, _ lastCalls: [Int32: Int64], after time: Int64
  ) -> Bool {
    let staying = connections.count { $0.client < 0 || lastCalls[$0.client, default: .min] > time }
    return staying * 2 > connections.count
  }

  private static func shares(
    _ spread: SpreadCase, _ host: Int, _ life: ClosedRange<Int64>, at time: Int64
  ) -> (before: Double, after: Double)? {
    func share(_ from: Int64, _ to: Int64) -> Double? {
      var (own, all) = (0, 0)
      for attempt in spread.all.attempts where attempt.start >= from && attempt.start <= to {
        all += 1
        if attempt.host == Int32(host) { own += 1 }
      }
      let members = spread.shares.lives.count { $0.lowerBound <= from && $0.upperBound >= to }
      guard members > 0, Double(all) / Double(members) >= 20 else { return nil }
      return Double(own) * Double(members) / Double(all)
    }
    guard let before = share(life.lowerBound, time), let after = share(time + 1, life.upperBound) else {
      return nil
    }
    return (before, after)
  }
}
