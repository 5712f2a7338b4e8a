/// Lets traces begin at a rate, each with its calls below each other, and writes every line at the moment it ends.
///
/// A trace is made whole when it begins; what ends before the next one begins is written. Memory: the lines of traces that are
/// open at one time, the open connections, and one buffer per file.
struct CallSimulation {
  private static let idleMicroseconds = 20_000_000
  private static let mostRequests = 40..<400

  private let lines: Int
  private var written = 0
  private var mesh: CallMesh
  private var random: SplitMix64
  private let layout: LineLayout
  private let files: [LogFile]
  private let isPrefixed: Bool
  private var queue = LineQueue()
  private var connections: [CallConnection] = []
  /// Connections by pod and service, and those that have closed and whose place is free.
  private var pools: [[Int]]
  private var unused: [Int] = []

  init(lines: Int, mesh: CallMesh, random: SplitMix64, layout: LineLayout, files: [LogFile]) {
    self.lines = lines
    self.mesh = mesh
    self.random = random
    self.layout = layout
    self.files = files
    isPrefixed = mesh.shape.files != .pod
    pools = Array(repeating: [], count: mesh.pods.count * mesh.shape.services)
  }

  /// The files' names, in the order in which `init` wants them.
  static func fileNames(_ mesh: CallMesh) -> [String] {
    switch mesh.shape.files {
    case .pod: mesh.pods.map(\.logName)
    case .node: (0...(mesh.pods.count - 1) / CallMesh.podsOfNode).map { "node-\($0).log" }
    case .one: ["mesh.log"]
    }
  }

  private func file(of pod: Int) -> LogFile {
    switch mesh.shape.files {
    case .pod: files[pod]
    case .node: files[pod / CallMesh.podsOfNode]
    case .one: files[0]
    }
  }

  /// Writes exactly the number of lines asked for; what is open then is in no log, as in any snapshot.
  mutating func run() throws {
    var now = MeshSimulation.beginMicroseconds
    while written < lines {
      let before = queue.made
      beginTrace(at: now)
      let mean = Double(queue.made - before) * 1e6 / Double(mesh.shape.rate)
      now += random.below(max(1, Int(2 * mean)))
      while written < lines, let entry = queue.removeFirst(before: now) {
        try file(of: entry.pod).write(
          entry.line, as: layout, behind: isPrefixed ? mesh.prefixes[entry.pod] : .missing)
        written += 1
      }
    }
  }

  private mutating func beginTrace(at now: Int) {
    let client = mesh.clients.lowerBound + random.below(mesh.clients.count)
    _ = call(from: client, level: 0, at: now, id: RequestID(from: &random))
  }

  /// One call with all below it.
  /// - Returns: when the caller has its answer.
  private mutating func call(from client: Int, level: Int, at start: Int, id: RequestID) -> Int {
    let crosses = random.below(100) < mesh.shape.borderPercent
    let service = mesh.service(
      level: level, from: mesh.meshClusters[client], crosses: crosses, random: &random)
    let place = connection(from: client, to: service, at: start)
    let endpoints = mesh.services[service].endpoints
    let endpoint = endpoints[random.below(endpoints.count)]
    let way = connections[place].proxy < 0 ? 250 + random.below(400) : 2800 + random.below(2500)
    let begun = start + way
    var work = random.within(endpoint.serverMicroseconds)
    if random.below(500) == 0 { work *= 20 }
    var end = begun + work / 3
    if level + 1 < mesh.shape.depth {
      for _ in 0..<(1 + random.below(2)) {
        let next = mesh.shape.ids == .trace ? id : RequestID(from: &random)
        end = call(from: connections[place].server, level: level + 1, at: end + 60, id: next)
      }
    }
    end += work * 2 / 3
    let isRewritten = mesh.shape.ids == .rewritten && connections[place].proxy >= 0
    let exchange = Exchange(
      endpoint: endpoint, number: endpoint.numbers > 0 ? random.below(endpoint.numbers) : -1,
      code: random.below(100) < 97 ? 200 : 503, requestBytes: random.within(endpoint.requestBodyBytes),
      responseBytes: random.within(endpoint.responseBodyBytes), clientID: id,
      serverID: isRewritten ? RequestID(from: &random) : id, clientStart: start, serverStart: begun,
      serverEnd: end, clientEnd: end + way)
    finish(exchange, on: place)
    return exchange.clientEnd
  }

  private mutating func finish(_ exchange: Exchange, on place: Int) {
    let used = connections[place]
    queue.insert(exchange.serverLine(used, mesh), of: used.server)
    queue.insert(exchange.clientLine(used, mesh), of: used.client)
    let headBytes = Int(exchange.endpoint.path.length + exchange.endpoint.method.length + used.agent.length)
    connections[place].bytesReceived +=
      exchange.requestBytes + Connection.requestOverheadBytes + headBytes
    connections[place].bytesSent += exchange.responseBytes + Connection.responseOverheadBytes
    connections[place].lastEnd = max(used.lastEnd, exchange.clientEnd)
    if !used.isHTTP2 { connections[place].freeFrom = exchange.clientEnd }
    if connections[place].requestsLeft == 0 { close(place, at: connections[place].lastEnd + 5000) }
  }

  // MARK: Connections

  private mutating func connection(from client: Int, to service: Int, at now: Int) -> Int {
    let pool = client * mesh.shape.services + service
    for place in pools[pool] where connections[place].lastEnd + Self.idleMicroseconds < now {
      close(place, at: now)
    }
    if let place = pools[pool].first(where: {
      connections[$0].freeFrom <= now && connections[$0].requestsLeft > 0
    }) {
      connections[place].requestsLeft -= 1
      if !connections[place].isHTTP2 { connections[place].freeFrom = .max }
      return place
    }
    let made = makeConnection(from: client, to: service, at: now)
    let place = unused.popLast() ?? connections.count
    if place == connections.count { connections.append(made) } else { connections[place] = made }
    pools[pool].append(place)
    return place
  }

  private mutating func makeConnection(from client: Int, to service: Int, at now: Int) -> CallConnection {
    let called = mesh.services[service]
    let server = called.pods.lowerBound + random.below(called.pods.count)
    let crosses = called.meshCluster != mesh.meshClusters[client]
    let proxies = mesh.proxies[called.meshCluster]
    let proxy = crosses ? proxies.lowerBound + random.below(proxies.count) : -1
    let handshake = Connection.handshakesBytes[random.below(Connection.handshakesBytes.count)]
    let isHTTP2 = (client &* 31 &+ service &* 17) % 100 < mesh.shape.http2Percent
    return CallConnection(
      client: client, service: service, server: server, proxy: proxy, isHTTP2: isHTTP2,
      freeFrom: isHTTP2 ? now : .max, lastEnd: now, requestsLeft: random.within(Self.mostRequests),
      agent: mesh.agents[random.below(mesh.agents.count)], appAddress: mesh.nextAddress(of: client),
      clientAddress: mesh.nextAddress(of: client),
      translatedAddress: CallMesh.loadBalancer(of: called.meshCluster).with(
        port: UInt16(random.within(1024..<65_536))),
      proxyAddress: crosses ? mesh.nextAddress(of: proxy) : .missing,
      loopbackAddress: Address(127, 0, 0, 6, port: UInt16(random.within(Pod.ephemeralPorts))),
      accepted: now + 200 + random.below(300), bytesReceived: handshake.received + random.below(60),
      bytesSent: handshake.sent + random.below(60))
  }

  private mutating func close(_ place: Int, at now: Int) {
    let used = connections[place]
    pools[used.client * mesh.shape.services + used.service].removeAll { $0 == place }
    unused.append(place)
    guard used.proxy >= 0 else { return }
    let service = mesh.services[used.service]
    var line = LogLine()
    line.startMicroseconds = used.accepted
    line.endMicroseconds = now
    line.responseFlags = mesh.noFlags
    line.bytesReceived = used.bytesReceived
    line.bytesSent = used.bytesSent
    line.upstreamHost = mesh.pods[used.server].address.with(port: CallMesh.servicePort)
    line.upstreamCluster = service.serverName
    line.upstreamLocal = used.proxyAddress
    line.downstreamLocal = mesh.pods[used.proxy].address.with(port: Mesh.proxyPort)
    line.downstreamRemote = used.translatedAddress
    line.requestedServerName = service.serverName
    queue.insert(line, of: used.proxy)
  }
}
