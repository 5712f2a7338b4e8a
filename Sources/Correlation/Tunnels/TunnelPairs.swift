internal import AccessLog

/// Pairs the lines that the two ends of a connection have in one mesh cluster, where a ztunnel is one of the ends.
struct TunnelPairs {
  private let table: TunnelTable

  /// Connections that one is compared with, and pairs of one address: beyond it they are left unlinked.
  private static let compared = 64
  private static let pairs = 1 << 18
  /// Microseconds by which both ends may begin, or end, apart: a tunnel is set up first where there is none yet.
  private static let reach: Int64 = 5_000_000
  /// Microseconds that starts and ends scatter by: durations are cut to milliseconds, nodes keep time by NTP.
  private static let (startScatter, endScatter) = (20_000.0, 5_000.0)
  /// Nats for a pair of which nothing is known but that it may be one, for equal addresses, and at most for equal bytes.
  private static let (prior, sameAddress, mostOfBytes) = (8.0, 6.0, 6.0)
  private static let ceiling = AddressJoin.confidence

  /// What connections to one address have alike.
  private struct Kind: Hashable {
    var pod: Int32
    var received: Int64
    var sent: Int64
  }

  init(_ table: TunnelTable) { self.table = table }

  /// `callers` and `called`: places of connections that have no other end yet.
  func links(callers: [Int], called: [Int]) -> [TunnelLink] {
    if callers.isEmpty || called.isEmpty { return [] }
    let byAddress = Dictionary(grouping: called) { table.hops[$0].downstreamLocal }
      .mapValues { $0.sorted(by: precedes) }
    let byAsked = Dictionary(grouping: callers) { table.asked($0) }
    return byAsked.keys.sorted().flatMap { asked -> [TunnelLink] in
      guard asked != 0, let callers = byAsked[asked], let called = byAddress[asked] else { return [] }
      return links(callers, called)
    }
  }

  /// Of connections that ask for one address; `called` in the order of their starts.
  private func links(_ callers: [Int], _ called: [Int]) -> [TunnelLink] {
    let rarity = rarity(callers)
    var scores: [(row: Int, column: Int, score: Double)] = []
    for (row, caller) in callers.enumerated() {
      let start = table.hops[caller].start
      let first = called.partitioningIndex { table.hops[$0].start >= start - AddressJoin.slack }
      for column in called.indices[first...].prefix(TunnelPairs.compared) {
        if table.hops[called[column]].start > start + TunnelPairs.reach { break }
        let score = score(caller, called[column], rarity[row])
        if score > 0 { scores.append((row, column, score)) }
      }
      if scores.count > TunnelPairs.pairs { return [] }
    }
    let contest = Contest(rows: callers.count, columns: called.count, scores)
    return contest.verdicts(temper: 1, ceiling: TunnelPairs.ceiling).map {
      TunnelLink(
        caller: callers[$0.row], called: called[$0.column], confidence: $0.confidence,
        evidence: [.address, .bytes, .time])
    }
  }

  private func precedes(_ one: Int, _ other: Int) -> Bool {
    (table.hops[one].start, one) < (table.hops[other].start, other)
  }

  /// Nats that equal bytes say, by caller: little where all connections of one caller have the same.
  private func rarity(_ callers: [Int]) -> [Double] {
    func kind(_ place: Int, bytes: Bool) -> Kind {
      let hop = table.hops[place]
      return Kind(
        pod: hop.pod, received: bytes ? hop.bytesReceived : 0,
        sent: bytes ? hop.bytesSent : 0)
    }
    let all = Dictionary(grouping: callers) { kind($0, bytes: false) }.mapValues(\.count)
    let alike = Dictionary(grouping: callers) { kind($0, bytes: true) }.mapValues(\.count)
    return callers.map { place in
      let (of, same) = (all[kind(place, bytes: false)] ?? 1, alike[kind(place, bytes: true)] ?? 1)
      return min(TunnelPairs.mostOfBytes, Logarithm.natural(Double(of) / Double(same)))
    }
  }

  /// Nats for two lines being of one connection; below zero where they cannot be.
  private func score(_ caller: Int, _ called: Int, _ rarity: Double) -> Double {
    guard caller != called, table.hops[caller].isTunnel || table.hops[called].isTunnel,
      !table.areApart(caller, called), isSameCaller(caller, called)
    else { return -1 }
    let bytes = bytes(caller, called)
    guard bytes >= 0 else { return -1 }
    let (one, other) = (table.hops[caller], table.hops[called])
    let start = Double(other.start - one.start) / TunnelPairs.startScatter
    let end = Double(other.end - one.end) / TunnelPairs.endScatter
    guard abs(other.end - one.end) <= TunnelPairs.reach else { return -1 }
    let isSame = one.isTunnel && one.downstreamRemote != 0 && one.downstreamRemote == other.downstreamRemote
    return TunnelPairs.prior + (isSame ? TunnelPairs.sameAddress : 0) + (bytes > 0 ? rarity : -2)
      - 2 * Logarithm.natural(1 + start * start) - 2 * Logarithm.natural(1 + end * end)
  }

  /// Whether both lines name the same caller: by its pod, or by its IP. Neither may contradict.
  private func isSameCaller(_ caller: Int, _ called: Int) -> Bool {
    let (one, other) = (table.hops[caller], table.hops[called])
    if one.contradicts(other.pod) || other.contradicts(one.pod) { return false }
    if let own = table.callerIP(caller), let remote = table.remoteIP(called) { return own == remote }
    return other.peer >= 0
  }

  /// 1 where both ends counted alike, 0 where one that failed may have lost bytes on the way, else -1.
  private func bytes(_ caller: Int, _ called: Int) -> Int {
    let (one, other) = (table.hops[caller], table.hops[called])
    guard one.bytesReceived >= 0, one.bytesSent >= 0, other.bytesReceived >= 0, other.bytesSent >= 0 else {
      return 0
    }
    if one.bytesReceived == other.bytesReceived, one.bytesSent == other.bytesSent { return 1 }
    let isCut = !one.flags.isEmpty || !other.flags.isEmpty
    return isCut && other.bytesReceived <= one.bytesReceived && other.bytesSent >= one.bytesSent ? 0 : -1
  }
}
