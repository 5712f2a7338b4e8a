internal import AccessLog

/// The state that the steps of `LegMatcher` hand on, in the order in which they run.
struct LegWork {
  let table: HopTable
  /// Starts of the hops whose links are wanted; nil for all.
  let own: ClosedRange<Int64>?
  let clientConnections: Connections
  let serverConnections: Connections
  let repeated: RepeatedLines
  var clocks: ClockTable
  var links: LinkTable
  /// Hops whose request id says nothing.
  private var nameless: Set<Int32> = []
  /// Whether every link rests on what its own hops say: ids and addresses. See `LegMatch.waiting`.
  private(set) var isExact = true
  private let clockWork: ClockWork

  /// Times that what is left over is matched again at most: each may find a connection on either side of every one that is
  /// known, so that a port may have come back a thousand times.
  private static let passes = 10
  /// Times that sequences are matched: each knows clocks and delays better than the one before.
  static let rounds = 3
  /// Pairs that are surer than this are learned from in the next round. Were it only the surest, delays that are long would be
  /// left out as doubtful, and so held to be rarer each time.
  private static let learnable = 0.5
  /// No request is surer to be another one of the same connection.
  private static let withinConnection = 0.9995

  init(_ table: HopTable, own: ClosedRange<Int64>?, _ clockWork: ClockWork) {
    self.table = table
    self.own = own
    clientConnections = Connections.ofClients(table)
    serverConnections = Connections.ofServers(table)
    repeated = RepeatedLines(table)
    isExact = !repeated.any
    clocks = ClockTable(table)
    self.clockWork = clockWork
    links = LinkTable(count: table.hops.count)
  }

  /// Ids and addresses: what needs no statistics.
  mutating func joinExactly() {
    AddressJoin.linkServers(table, serverConnections, repeated, &links)
    assert(links.parent.target.count == table.hops.count && links.answeredBy.count == table.hops.count)
    var gateways = GatewayJoin(table, clocks)
    gateways.byID(&links)
    var ids = RequestIDJoin(table, without: gateways.linked)
    ids.fitClocks(&clocks)
    if table.hasGateways {
      fitClocks(gateways.linked)
      isExact = false
    }
    let found = ids.found(clocks)
    for hop in found.undecided { links.undecided.insert(hop) }
    nameless = found.nameless
    for pair in found.sole {
      links.link(
        server: pair.server, client: pair.client, confidence: RequestIDJoin.soleConfidence,
        evidence: [.requestID], hops: table)
    }
    if !found.shared.isEmpty {
      isExact = false
      joinShared(ids, found)
    }
    gateways.byConnection(clientConnections, serverConnections, &links)
    ConnectionJoin(table, clocks, repeated).link(&links)
    if !table.clientConnections.isEmpty || !table.serverConnections.isEmpty { isExact = false }
  }

  /// Clocks of mesh clusters between which gateways call, where nothing else has told them.
  private mutating func fitClocks(_ linked: Set<Int32>) {
    var samples: [Int: [ClockSample]] = [:]
    for server in table.servers where linked.contains(server) && links.parent.target[Int(server)] >= 0 {
      let (one, other) = (table[links.parent.target[Int(server)]], table[server])
      guard one.succeeded, other.succeeded, !clocks.pair(one, other).isKnown else { continue }
      samples[clocks.number(one.meshCluster, other.meshCluster), default: []].append(
        ClockSample(one, other))
    }
    for (pair, all) in samples {
      clocks[pair] = ClockFit.fit(all.sorted { ($0.time, $0.there, $0.back) < ($1.time, $1.there, $1.back) })
    }
  }

  private mutating func joinShared(_ ids: RequestIDJoin, _ found: RequestIDJoin.Found) {
    let model = IDModel(table, clocks, ids, found)
    let resolver = SharedIDs(
      table, clientConnections, serverConnections, clocks, model, sole: found.sole)
    for key in found.shared {
      resolver.link(clients: Array(ids.clients(key)), servers: Array(ids.servers(key)), &links)
    }
  }

  /// Sequences, bytes and times: what is left.
  ///
  /// - Returns: which connections belong together, as far as that is known in the end.
  mutating func joinByShape() -> Triangle {
    assert(links.parent.target.allSatisfy { $0 < 0 || table[$0].role == .client })
    CarrierLinks.byAddress(table, clientConnections, repeated, clocks, &links)
    var triangle = triangle()
    joinWithinConnections(triangle)
    if joinSequences(triangle) {
      triangle = self.triangle()
      for _ in 0..<LegWork.passes {
        var isDone = true
        for rest in OpenHops.Rest.allCases where joinSequences(triangle, only: rest) {
          triangle = self.triangle()
          isDone = false
        }
        if isDone { break }
      }
    }
    CarrierLinks.byTriangle(table, triangle, &links)
    joinByBytes(triangle)
    return triangle
  }

  /// Requests whose id says nothing, on connections that the ids of others have told: order, content and time tell which is
  /// which.
  private mutating func joinWithinConnections(_ triangle: Triangle) {
    if nameless.isEmpty { return }
    assert(nameless.allSatisfy { table.hops.indices.contains(Int($0)) })
    let open = OpenHops(table, triangle, links, nameless: nameless)
    if !open.hasServers { return }
    let models = models(open, triangle, linked: linkedPairs(), MeasuredLines())
    if models.isEmpty { return }
    let matcher = SequenceMatcher(table: table, triangle: triangle, open: open, models: models)
    for run in triangle.partner.indices where triangle.partner[run] >= 0 {
      for pair in matcher.pairs(client: Int32(run), server: triangle.partner[run], links) {
        link(pair, ceiling: LegWork.withinConnection)
      }
    }
  }

  private mutating func link(_ pair: ConnectionPair, ceiling: Double = 1) {
    links.link(
      server: pair.server, client: pair.client, confidence: min(ceiling, pair.confidence),
      evidence: [.sequence, .time], hops: table)
    links.contest(pair.server, .parent, runnerUp: pair.runnerUp, margin: pair.margin)
  }

  /// Carriers of client connections that no server line speaks for.
  private mutating func joinByBytes(_ triangle: Triangle) {
    let runs = OpenCarriers.runs(table, triangle, links, own: own)
    if runs.isEmpty { return }
    isExact = false
    guard let open = OpenCarriers(runs, table, triangle, links) else { return }
    learnClocks(open)
    for match in CarrierMatcher(table: table, open: open, clocks: clocks).matches() {
      for hop in match.hops {
        links.carrier.set(hop, match.carrier, match.confidence, [.bytes, .time])
        links.contest(hop, .via, runnerUp: match.runnerUp, margin: match.margin)
      }
    }
  }

  /// Clocks of clients and proxies that no server line told.
  private mutating func learnClocks(_ open: OpenCarriers) {
    let index = CarrierIndex(table, open.carriers)
    let partners = PartnerClusters(
      clocks.clusters, open.carriers.map { (table[$0].service, table[$0].meshCluster) })
    // Connections to services of which no such carrier is there tell nothing.
    let carried = Set(open.carriers.map { FlatKey.pack(table[$0].meshCluster, table[$0].service) })
    let byCluster = Dictionary(grouping: open.runs) { $0.cluster }.mapValues { runs in
      runs.sorted { ($0.firstStart, $0.hops[0]) < ($1.firstStart, $1.hops[0]) }
    }
    func runs(_ client: Int32, to server: Int32) -> [ClientRun] {
      (byCluster[client] ?? []).filter { carried.contains(FlatKey.pack(server, $0.service)) }
    }
    for client in byCluster.keys.sorted() {
      for server in partners.of(services: Set((byCluster[client] ?? []).map(\.service)))
      where server != client && !clocks[client, server].isKnown {
        if clocks[server, client].isKnown {
          clocks[client, server] = clocks[server, client].reversed()
          continue
        }
        let there = runs(client, to: server)
        if there.isEmpty { continue }
        let learner = CarrierClock(
          runs: there, reverse: runs(server, to: client), table: table, carriers: index, client: client,
          server: server)
        if let clock = learner.estimate() { clocks[client, server] = clock }
      }
    }
  }

  private func triangle() -> Triangle {
    assert(links.carrier.target.allSatisfy { $0 < 0 || table[$0].role == .proxy })
    let servers = ConnectionRuns.ofServers(table, serverConnections, links, callers: clientConnections)
    return Triangle(table, clients: clientConnections, servers: servers, links, clocks)
  }

  /// Returns whether anything was linked.
  private mutating func joinSequences(_ triangle: Triangle, only rest: OpenHops.Rest? = nil) -> Bool {
    var open = OpenHops(table, triangle, links, nameless: nameless)
    if open.hasServers { isExact = false }
    switch rest {
    case .reusedPorts: open.keepReused(triangle, clientConnections)
    case .strangers: open.keepStrangers(table, triangle, clocks)
    case nil: break
    }
    if open.clientRuns.isEmpty || open.serverRuns.isEmpty { return false }
    var found = linkedPairs()
    var pairs: [ConnectionPair] = []
    let lines = MeasuredLines()
    for _ in 0..<LegWork.rounds {
      let models = models(open, triangle, linked: found, lines)
      // Where nothing can be compared, nothing is found that the next round could learn from.
      if models.isEmpty { return false }
      let matcher = SequenceMatcher(table: table, triangle: triangle, open: open, models: models)
      pairs = matcher.matches(links)
      found = linkedPairs()
      for pair in pairs where pair.confidence > LegWork.learnable { found.append((pair.client, pair.server)) }
    }
    for pair in pairs { link(pair) }
    return !pairs.isEmpty
  }

  private func linkedPairs() -> [(client: Int32, server: Int32)] {
    table.servers.filter { links.parent.target[Int($0)] >= 0 }
      .map { (links.parent.target[Int($0)], $0) }
  }

  private mutating func models(
    _ open: OpenHops, _ triangle: Triangle, linked: [(client: Int32, server: Int32)], _ lines: MeasuredLines
  ) -> ShapeTable {
    var byPair: [UInt64: [(client: Int32, server: Int32)]] = [:]
    for pair in linked where table[pair.client].succeeded && table[pair.server].succeeded {
      let key = FlatKey.pack(table[pair.client].meshCluster, table[pair.server].meshCluster)
      byPair[key, default: []].append(pair)
    }
    var clients = open.clientRuns.flatMap { triangle.clients[Int($0)] }
    if !nameless.isEmpty { clients = Array(nameless.filter { table[$0].role == .client }.union(clients)) }
    clients = clients.filter { links.answeredBy[Int($0)] < 0 && table[$0].succeeded }.sorted()
    let partners = PartnerClusters(
      clocks.clusters, open.index.hops.map { (table[$0].service, table[$0].meshCluster) })
    if partners.areCut { links.undecided.formUnion(open.index.hops) }
    assert(clients.isOrdered { $0 < $1 }, "each client hop is in one run")
    let durations = OpenDurations(open)
    let byCluster = Dictionary(grouping: clients) { table[$0].meshCluster }
    var models = ShapeTable()
    for one in byCluster.keys.sorted() {
      let own = byCluster[one] ?? []
      let others = partners.of(services: Set(own.map { table[$0].service }))
      for other in others where !(table.gatewayClients.contains(one) && table.gatewayServers.contains(other))
      {
        let learner = ShapeLearner(
          table: table, open: open, clients: own, serverCluster: other,
          partnerLimit: StartDifferences.partnerLimit(clusters: others.count), durations: durations,
          lines: lines, work: clockWork)
        let model = learner.model(clocks[one, other], linked: byPair[FlatKey.pack(one, other)] ?? [])
        if model.isUsable {
          models.add(model, one, other)
          clocks[one, other] = model.clock
        }
      }
    }
    if clockWork.isExhausted { links.undecided.formUnion(open.index.hops) }
    return models
  }

  func result(_ triangle: Triangle) -> LegMatch {
    let statuses = CarrierStatuses(table: table, links: links, own: own).found(
      ConnectionEnds(table, triangle, clientConnections, serverConnections, links, clocks))
    return LegMatch(
      outcomes: outcomes(statuses.of), clocks: clocks.estimates(), waiting: isExact ? statuses.waiting : nil)
  }
}
