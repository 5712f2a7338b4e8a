internal import AccessLog

/// Pairs the two ends of TCP connections where a NAT hides the addresses: bytes, start and end.
///
/// Sidecars count what the app sent, so both ends of a connection count alike; a proxy counts TLS, too. How far clocks and
/// ways put starts and ends apart is learned from the connections that bytes alone tell; what stays ambiguous is one
/// assignment per service, with "none" as an answer.
struct ConnectionMatcher {
  private let table: HopTable
  private let clocks: ClockTable

  /// Microseconds by which a connection's ends may begin apart, clocks allowed for: a TCP and TLS handshake over a
  /// border, with retransmissions.
  private static let reach: Int64 = 5_000_000
  /// Microseconds by which a connection's ends may begin apart while the clocks are not known.
  private static let maximumSkew: Int64 = 15 * 60 * 1_000_000
  /// Microseconds: the least that starts and ends scatter by, for they are logged in milliseconds.
  private static let leastScatter = 1_500.0
  /// Connections that are compared with one, and of one service all together: beyond it they are left undecided.
  private static let candidates = 64
  private static let pairs = 1 << 18
  /// Anchors that clocks are taken from at least.
  private static let leastAnchors = 3
  /// Bytes of TLS beyond what the app sent: handshakes in both directions, and the part of records.
  private static let handshakeBytes: Int64 = 16_384
  private static let recordShare: Int64 = 32

  init(_ table: HopTable, _ clocks: ClockTable) {
    self.table = table
    self.clocks = clocks
  }

  /// What a client's end is compared with: a server's line, or that of a carrier whose server has none.
  private struct Other {
    var hop: Int32
    var isCarrier: Bool
  }

  func link(_ links: inout LinkTable) {
    let clients = table.clientConnections.filter {
      links.answeredBy[Int($0)] < 0 && links.carrier.target[Int($0)] < 0
        && !table[$0].traits.contains(.ztunnel)
        && table[$0].flags.isDisjoint(with: ConnectionMatcher.neverConnected)
    }
    if clients.isEmpty { return }
    var others: [Int32: [Other]] = [:]
    for server in table.serverConnections where links.parent.target[Int(server)] < 0 {
      others[table[server].service, default: []].append(Other(hop: server, isCarrier: false))
    }
    let taken = Set((table.serverConnections + table.clientConnections).map { links.carrier.target[Int($0)] })
    for carrier in table.proxies where !taken.contains(carrier) && table[carrier].upstreamLocal != 0 {
      others[table[carrier].service, default: []].append(Other(hop: carrier, isCarrier: true))
    }
    let byService = Dictionary(grouping: clients) { table[$0].service }
    for service in byService.keys.sorted() {
      guard service >= 0, let callers = byService[service], let called = others[service] else { continue }
      link(callers, called.sorted { (table[$0.hop].start, $0.hop) < (table[$1.hop].start, $1.hop) }, &links)
    }
  }

  private static let neverConnected: ResponseFlags = [
    .upstreamConnectionFailure, .noHealthyUpstream, .noRouteFound, .noClusterFound,
  ]

  private func link(_ clients: [Int32], _ others: [Other], _ links: inout LinkTable) {
    let delays = delays(clients, others)
    let starts = others.map { table[$0.hop].start }
    var scores: [(row: Int, column: Int, score: Double)] = []
    for (row, client) in clients.enumerated() {
      let hop = table[client]
      var own: [(row: Int, column: Int, score: Double)] = []
      for cluster in Set(others.map { table[$0.hop].meshCluster }).sorted() {
        let delay =
          delays[FlatKey.pack(hop.meshCluster, cluster)] ?? Delay(clocks[hop.meshCluster, cluster], hop)
        let around = hop.start + Int64(delay.start)
        let range = ConnectionMatcher.range(
          of: starts, around - ConnectionMatcher.reach...around + ConnectionMatcher.reach)
        for column in range where table[others[column].hop].meshCluster == cluster {
          let score = score(hop, others[column], delay)
          if score > 0 { own.append((row, column, score)) }
        }
      }
      own.sort { ($1.score, $0.column) < ($0.score, $1.column) }
      scores += own.prefix(ConnectionMatcher.candidates)
      if scores.count > ConnectionMatcher.pairs {
        links.undecided.formUnion(others.lazy.filter { !$0.isCarrier }.map(\.hop))
        return
      }
    }
    let contest = Contest(rows: clients.count, columns: others.count, scores)
    for verdict in contest.verdicts(temper: 1) {
      let (client, other) = (clients[verdict.row], others[verdict.column])
      let rival = verdict.rowRival.place.map { others[$0].hop } ?? -1
      if other.isCarrier {
        links.carrier.set(client, other.hop, verdict.confidence, [.bytes, .time])
        links.contest(client, .via, runnerUp: rival, margin: verdict.rowRival.margin)
      } else {
        links.link(
          server: other.hop, client: client, confidence: verdict.confidence, evidence: [.bytes, .time],
          hops: table)
        let client = verdict.columnRival.place.map { clients[$0] } ?? -1
        links.contest(other.hop, .parent, runnerUp: client, margin: verdict.columnRival.margin)
      }
    }
  }

  private static func range(of starts: [Int64], _ times: ClosedRange<Int64>) -> Range<Int> {
    let low = starts.partitioningIndex { $0 >= times.lowerBound }
    return low..<max(low, starts.partitioningIndex { $0 > times.upperBound })
  }

  // MARK: what fits

  /// How far apart a connection's ends begin and end, other end less client, microseconds.
  private struct Delay {
    var start: Double
    var end: Double
    var startScatter: Double
    var endScatter: Double

    init(start: Double, end: Double, startScatter: Double, endScatter: Double) {
      (self.start, self.end) = (start, end)
      (self.startScatter, self.endScatter) = (startScatter, endScatter)
    }

    /// Nothing but what clocks say.
    init(_ clock: PairClock, _ hop: Hop) {
      let skew = Double(clock.skew(at: hop.start))
      self.init(start: skew + clock.halfRoundTrip, end: skew, startScatter: 20_000, endScatter: 20_000)
    }
  }

  /// Nats for the two being one connection; none where they cannot be.
  private func score(_ client: Hop, _ other: Other, _ delay: Delay) -> Double {
    let hop = table[other.hop]
    if ConnectionMatcher.areOne(client, hop) { return -1 }
    let bytes = bytes(client, hop, isCarrier: other.isCarrier)
    if bytes < 0 { return -1 }
    let start = abs(Double(hop.start - client.start) - delay.start) / delay.startScatter
    let end = abs(Double(hop.end - client.end) - delay.end) / delay.endScatter
    // Both ends are cut off by whoever gives up: their ends may be apart. Tails are long, so the logarithm.
    return bytes + 6 - 2 * Logarithm.natural(1 + start * start) - 2 * Logarithm.natural(1 + end * end)
  }

  /// Nats that the bytes say; below zero where they contradict.
  private func bytes(_ client: Hop, _ other: Hop, isCarrier: Bool) -> Double {
    guard client.bytesReceived >= 0, client.bytesSent >= 0, other.bytesReceived >= 0, other.bytesSent >= 0
    else { return 0 }
    if isCarrier {
      let fits =
        ConnectionMatcher.mayBeWrapped(client.bytesReceived, other.bytesReceived)
        && ConnectionMatcher.mayBeWrapped(client.bytesSent, other.bytesSent)
      return fits ? 3 : -1
    }
    if client.bytesReceived == other.bytesReceived, client.bytesSent == other.bytesSent { return 8 }
    // One that was cut off may have lost bytes on the way.
    let isCut = !client.flags.isEmpty || !other.flags.isEmpty
    let fits = other.bytesReceived <= client.bytesReceived && other.bytesSent >= client.bytesSent
    return isCut && fits ? 1 : -1
  }

  private static func mayBeWrapped(_ plain: Int64, _ wire: Int64) -> Bool {
    wire >= plain && wire - plain <= handshakeBytes + plain / recordShare
  }

  // MARK: clocks and ways

  /// By pair of mesh clusters, from connections of which bytes leave no doubt.
  private func delays(_ clients: [Int32], _ others: [Other]) -> [UInt64: Delay] {
    var samples: [UInt64: [(start: Double, end: Double)]] = [:]
    for (client, other) in anchors(clients, others) {
      let (one, two) = (table[client], table[other])
      samples[FlatKey.pack(one.meshCluster, two.meshCluster), default: []].append(
        (Double(two.start - one.start), Double(two.end - one.end)))
    }
    return samples.filter { $0.value.count >= ConnectionMatcher.leastAnchors }.mapValues { pairs in
      let (starts, ends) = (pairs.map(\.start).sorted(), pairs.map(\.end).sorted())
      let (start, end) = (starts[starts.count / 2], ends[ends.count / 2])
      func scatter(_ values: [Double], _ middle: Double) -> Double {
        let apart = values.map { abs($0 - middle) }.sorted()
        return max(ConnectionMatcher.leastScatter, 1.5 * apart[apart.count / 2])
      }
      return Delay(
        start: start, end: end, startScatter: scatter(starts, start), endScatter: scatter(ends, end))
    }
  }

  /// Pairs that alone have their bytes, or whose lengths alone fit where a carrier's bytes are not theirs.
  private func anchors(_ clients: [Int32], _ others: [Other]) -> [(client: Int32, other: Int32)] {
    struct Bytes: Hashable {
      var received, sent: Int64
      init(_ hop: Hop) { (received, sent) = (hop.bytesReceived, hop.bytesSent) }
    }
    let byBytes = Dictionary(grouping: clients) { Bytes(table[$0]) }
    let servers = Dictionary(grouping: others.filter { !$0.isCarrier }) { Bytes(table[$0.hop]) }
    var found: [(client: Int32, other: Int32)] = []
    for (bytes, same) in servers where same.count == 1 && bytes.received + bytes.sent > 0 {
      guard let client = byBytes[bytes], client.count == 1 else { continue }
      if isAlike(client[0], same[0].hop) { found.append((client[0], same[0].hop)) }
    }
    let carriers = others.filter(\.isCarrier)
    guard found.isEmpty, clients.count * carriers.count <= ConnectionMatcher.pairs else { return found }
    var clientsOf: [Int32: [Int32]] = [:]
    for client in clients {
      let fitting = carriers.filter {
        bytes(table[client], table[$0.hop], isCarrier: true) > 0 && isAlike(client, $0.hop)
      }
      if fitting.count == 1 { clientsOf[fitting[0].hop, default: []].append(client) }
    }
    for (carrier, callers) in clientsOf where callers.count == 1 { found.append((callers[0], carrier)) }
    return found
  }

  /// Whether they are the two halves of one gateway's hop: what came in went out, but it did not call itself.
  private static func areOne(_ client: Hop, _ server: Hop) -> Bool {
    client.id == server.id + 1 && client.traits.contains(.half) && server.traits.contains(.half)
  }

  /// Whether two lines may be of one connection, whatever the clocks say.
  private func isAlike(_ client: Int32, _ other: Int32) -> Bool {
    let (one, two) = (table[client], table[other])
    if ConnectionMatcher.areOne(one, two) { return false }
    return abs(two.start - one.start) <= ConnectionMatcher.maximumSkew
      && abs(two.duration - one.duration) <= 50_000 + one.duration / 50
  }
}
