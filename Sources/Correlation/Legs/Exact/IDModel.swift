internal import AccessLog

/// What the two ends of requests with a request id of their own look like: learned, to judge those whose id several
/// requests share, or whose line was lost.
struct IDModel {
  /// How often two values that should be equal are, among hops that belong together.
  struct Agreement {
    private(set) var equal: Double
    private(set) var different: Double

    /// Starts from what is known without a sample, as that many samples.
    init(equal: Double, different: Double) {
      self.equal = equal
      self.different = different
    }

    mutating func add(_ isEqual: Bool) {
      if isEqual { equal += 1 } else { different += 1 }
    }

    /// Nats for belonging together, given how often the values of hops agree that do not.
    func evidence(_ isEqual: Bool, byChance chance: Double) -> Double {
      let rate = different / (equal + different)
      return isEqual
        ? Logarithm.natural((1 - rate) / chance) : Logarithm.natural(rate / (1 - chance))
    }
  }

  /// By service + 1: whether both ends name the same method, path, authority and agent (not where a route rewrites
  /// them), and the same code and body bytes (not where a filter changes these).
  private var contents: [Agreement]
  private var results: [Agreement]
  /// Of calls that share an id, how many ask for the same.
  private var siblings = Agreement(equal: 1, different: 2)
  /// By the number of a pair of clusters in `ClockTable`; of those only that enough is known of.
  private var shapes: [ShapeModel?]
  /// Nats for a server hop's client hop being there, before anything is compared: few client lines are lost.
  let prior: Double
  private let clocks: ClockTable
  private let ids: RequestIDJoin

  /// Calls of one request begin within about this time, microseconds: how likely a foreign one is to fit.
  private static let spread = 100_000.0
  /// Pairs that delays are learned from, and without which they are not known.
  private static let shapeSamples = 20_000
  private static let enough = 50

  init(_ table: HopTable, _ clocks: ClockTable, _ ids: RequestIDJoin, _ ofIDs: RequestIDJoin.Found) {
    self.clocks = clocks
    self.ids = ids
    let (sole, shared) = (ofIDs.sole, ofIDs.shared.map { ids.clients($0) })
    let services = Int(table.hops.lazy.map(\.service).max() ?? -1) + 2
    contents = [Agreement](repeating: Agreement(equal: 50, different: 0.5), count: services)
    results = contents
    let found = Double(sole.count + shared.reduce(0) { $0 + $1.count })
    prior = Logarithm.natural((found + 20) / (Double(ofIDs.lost) + 1))
    shapes = [ShapeModel?](repeating: nil, count: clocks.count)
    for pair in sole {
      let (client, server) = (table[pair.client], table[pair.server])
      contents[Int(server.service) + 1].add(true)
      if client.succeeded, server.succeeded {
        results[Int(server.service) + 1].add(IDModel.sameResult(client, server))
      }
    }
    for pair in ofIDs.doubtful { contents[Int(table[pair.server].service) + 1].add(false) }
    for clients in shared {
      for (one, other) in zip(clients, clients.dropFirst()) {
        siblings.add(table[one].content == table[other].content)
      }
    }
    learnShapes(table, clocks, Array(sole.prefix(IDModel.shapeSamples)))
  }

  private mutating func learnShapes(
    _ table: HopTable, _ clocks: ClockTable, _ pairs: [(client: Int32, server: Int32)]
  ) {
    let places = pairs.map { pair in
      table[pair.client].succeeded && table[pair.server].succeeded
        ? clocks.find(table[pair.client].meshCluster, table[pair.server].meshCluster) : -1
    }
    var counts = [Int](repeating: 0, count: clocks.count)
    for place in places where place >= 0 { counts[place] += 1 }
    for place in counts.indices where counts[place] >= IDModel.enough {
      shapes[place] = ShapeModel(clock: clocks[place], precision: 1000, slack: RequestIDJoin.slack)
    }
    for (pair, place) in zip(pairs, places) where place >= 0 {
      shapes[place]?.learn(table[pair.client], table[pair.server])
      shapes[place]?.durations.add(Double(max(0, table[pair.server].duration)))
    }
    for place in shapes.indices { shapes[place]?.freeze() }
  }

  static func sameResult(_ client: Hop, _ server: Hop) -> Bool {
    client.responseCode == server.responseCode && sameBytes(client.bytesSent, server.bytesSent)
      && sameBytes(client.bytesReceived, server.bytesReceived)
  }

  /// As far as both ends log them.
  private static func sameBytes(_ one: Int64, _ other: Int64) -> Bool { one == other || one < 0 || other < 0 }

  /// Nats for `server` being what `client` asked for, by what both ends log alike.
  func content(_ client: Hop, _ server: Hop) -> Double {
    let chance = siblings.equal / (siblings.equal + siblings.different)
    return contents[Int(server.service) + 1].evidence(ids.agree(client, server, clocks), byChance: chance)
  }

  /// Nats for `server` having given the answer that `client` got.
  func result(_ client: Hop, _ server: Hop) -> Double {
    if !client.succeeded || !server.succeeded { return 0 }
    return results[Int(server.service) + 1].evidence(IDModel.sameResult(client, server), byChance: 0.3)
  }

  /// Nats for `server` having answered `client`, by their times.
  func times(_ client: Hop, _ server: Hop, _ clocks: ClockTable) -> Double {
    let place = clocks.find(client.meshCluster, server.meshCluster)
    if place >= 0, let shape = shapes[place] {
      return shape.evidence(client, server, rate: 1 / IDModel.spread)
    }
    return -misfit(client, server, clocks) / 10_000
  }

  /// Microseconds by which the times differ from those of a typical request; nothing but the clock is known.
  private func misfit(_ client: Hop, _ server: Hop, _ clocks: ClockTable) -> Double {
    let clock = clocks.pair(client, server)
    let there = Double(server.start - clock.skew(at: client.start) - client.start)
    let back = Double(client.end - server.end + clock.skew(at: client.start))
    return abs(there - clock.halfRoundTrip) + abs(back - clock.halfRoundTrip)
  }
}
