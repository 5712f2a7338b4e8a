/// Lets connections live and writes each hop at the moment it ends, so that every file is in order of its lines' ends.
///
/// Memory: the connections that are open at one time, at most `mostConnections`, and one buffer per file.
struct MeshSimulation {
  static let mostConnections = 240
  /// A small log gets few connections rather than many with one request each.
  static let linesPerConnectionSlot = 150
  /// 2024-05-23T08:00:00Z
  static let beginMicroseconds = 1_716_451_200_000_000
  static let idleTimeoutMicroseconds = 3_000_000

  private let lines: Int
  /// Lines written, and those that connections and requests under way will still write.
  private var promised = 0
  private var mesh: Mesh
  private var random: SplitMix64
  private let layout: LineLayout
  private let files: [LogFile]
  private var slots: [Connection]
  private var events = Heap<Event>()
  private var opened = 0

  init(lines: Int, mesh: Mesh, random: SplitMix64, layout: LineLayout, files: [LogFile]) {
    self.lines = lines
    self.mesh = mesh
    self.random = random
    self.layout = layout
    self.files = files
    let count = min(Self.mostConnections, max(1, lines / Self.linesPerConnectionSlot))
    slots = Array(repeating: Connection(), count: count)
  }

  /// Writes exactly the number of lines asked for.
  mutating func run() throws {
    for slot in slots.indices {
      events.insert(Event(microseconds: Self.beginMicroseconds + random.below(2_000_000), slot: slot))
    }
    while let event = events.removeFirst() {
      switch slots[event.slot].nextEvent {
      case .opens: open(event.slot, at: event.microseconds)
      case .serverEnds: try endServerHop(event.slot)
      case .clientEnds: try endClientHop(event.slot, at: event.microseconds)
      case .closes: try close(event.slot, at: event.microseconds)
      }
    }
  }

  private mutating func schedule(_ slot: Int, _ next: Connection.NextEvent, at microseconds: Int) {
    slots[slot].nextEvent = next
    events.insert(Event(microseconds: microseconds, slot: slot))
  }

  // MARK: A connection

  private mutating func open(_ slot: Int, at now: Int) {
    guard promised < lines else { return }
    promised += 1
    slots[slot] = makeConnection(slot, at: now)
    guard promised + 2 <= lines else {
      // Made for a request that another connection took: it only ever sees its handshake.
      schedule(slot, .closes, at: slots[slot].acceptedMicroseconds + Self.idleTimeoutMicroseconds)
      return
    }
    beginRequest(slot, at: now, setUpMicroseconds: 16_000 + random.below(8000))
  }

  private mutating func makeConnection(_ slot: Int, at now: Int) -> Connection {
    var made = Connection()
    made.service = slot % 3 == 2 ? 1 : 0
    made.client = slot % mesh.clients.count
    made.proxy = opened % mesh.proxies.count
    let servers = mesh.services[made.service].servers
    made.server = servers.lowerBound + (opened / mesh.proxies.count) % servers.count
    opened += 1
    made.agent = mesh.agents[random.below(mesh.agents.count)]
    made.paceMicroseconds = slot % 10 == 0 ? 15_000 : slot % 10 < 4 ? 1_200_000 : 150_000
    made.requestsLeft = random.within(20..<100)
    made.appAddress = mesh.clients[made.client].nextEphemeralAddress()
    made.clientAddress = mesh.clients[made.client].nextEphemeralAddress()
    made.translatedAddress = Mesh.loadBalancer.with(port: UInt16(random.within(1024..<65_536)))
    made.proxyAddress = mesh.proxies[made.proxy].nextEphemeralAddress()
    made.loopbackAddress = Address(127, 0, 0, 6, port: UInt16(random.within(Pod.ephemeralPorts)))
    made.acceptedMicroseconds = now + 8000 + random.below(3000)
    let handshake = Connection.handshakesBytes[random.below(Connection.handshakesBytes.count)]
    made.bytesReceived = handshake.received + random.below(60)
    made.bytesSent = handshake.sent + random.below(60)
    return made
  }

  private mutating func close(_ slot: Int, at now: Int) throws {
    let connection = slots[slot]
    let service = mesh.services[connection.service]
    var line = LogLine()
    line.startMicroseconds = connection.acceptedMicroseconds
    line.endMicroseconds = now
    line.responseFlags = mesh.noFlags
    line.bytesReceived = connection.bytesReceived
    line.bytesSent = connection.bytesSent
    line.upstreamHost = mesh.servers[connection.server].address.with(port: 80)
    line.upstreamCluster = service.serverName
    line.upstreamLocal = connection.proxyAddress
    line.downstreamLocal = mesh.proxies[connection.proxy].address.with(port: Mesh.proxyPort)
    line.downstreamRemote = connection.translatedAddress
    line.requestedServerName = service.serverName
    try files[mesh.clients.count + connection.proxy].write(line, as: layout)
    schedule(slot, .opens, at: now + random.below(2 * connection.paceMicroseconds))
  }

  // MARK: A request

  private mutating func beginRequest(_ slot: Int, at now: Int, setUpMicroseconds: Int) {
    promised += 2
    let endpoints = mesh.services[slots[slot].service].endpoints
    let chosen = random.below(endpoints.count)
    let endpoint = endpoints[chosen]
    let code = nextResponseCode()
    var duration = random.within(endpoint.serverMicroseconds)
    if random.below(200) == 0 { duration *= 12 }
    slots[slot].requestsLeft -= 1
    slots[slot].endpoint = chosen
    slots[slot].pathNumber = endpoint.numbers > 0 ? random.below(endpoint.numbers) : -1
    slots[slot].responseCode = code
    slots[slot].requestBodyBytes = random.within(endpoint.requestBodyBytes)
    slots[slot].responseBodyBytes =
      code < 300 ? random.within(endpoint.responseBodyBytes) : random.within(0..<90)
    slots[slot].requestID = RequestID(from: &random)
    slots[slot].clientStart = now
    slots[slot].serverStart = now + setUpMicroseconds + 2800 + random.below(2500)
    slots[slot].serverEnd = slots[slot].serverStart + duration
    slots[slot].serviceTimeLagMilliseconds = random.below(2)
    schedule(slot, .serverEnds, at: slots[slot].serverEnd)
  }

  /// 94 % 2xx, 4 % 4xx, 2 % 5xx.
  private mutating func nextResponseCode() -> Int {
    switch random.below(1000) {
    case 0..<940: 200
    case 940..<960: 404
    case 960..<970: 418
    case 970..<980: 429
    case 980..<990: 500
    default: 503
    }
  }

  private mutating func endServerHop(_ slot: Int) throws {
    let connection = slots[slot]
    let service = mesh.services[connection.service]
    var line = requestLine(connection, start: connection.serverStart, end: connection.serverEnd)
    let server = mesh.servers[connection.server].address.with(port: 80)
    line.upstreamHost = server
    line.upstreamCluster = mesh.inboundCluster
    line.upstreamLocal = connection.loopbackAddress
    line.downstreamLocal = server
    line.downstreamRemote = connection.proxyAddress
    line.requestedServerName = service.serverName
    try files[mesh.clients.count + mesh.proxies.count + connection.server].write(line, as: layout)
    schedule(slot, .clientEnds, at: connection.serverEnd + 2900 + random.below(2500))
  }

  private mutating func endClientHop(_ slot: Int, at now: Int) throws {
    let connection = slots[slot]
    let service = mesh.services[connection.service]
    let endpoint = service.endpoints[connection.endpoint]
    var line = requestLine(connection, start: connection.clientStart, end: now)
    line.upstreamHost = Mesh.externalAddress
    line.upstreamCluster = service.outboundCluster
    line.upstreamLocal = connection.clientAddress
    line.downstreamLocal = service.virtualAddress
    line.downstreamRemote = connection.appAddress
    try files[connection.client].write(line, as: layout)

    let pathBytes =
      Int(endpoint.path.length) + (endpoint.numbers > 0 ? decimalDigits(connection.pathNumber) : 0)
    let headBytes =
      pathBytes + Int(endpoint.method.length + connection.agent.length + service.authority.length)
    slots[slot].bytesReceived += connection.requestBodyBytes + Connection.requestOverheadBytes + headBytes
    slots[slot].bytesSent += connection.responseBodyBytes + Connection.responseOverheadBytes
    if connection.requestsLeft > 0, promised + 2 <= lines {
      beginRequest(slot, at: now + random.below(2 * connection.paceMicroseconds), setUpMicroseconds: 0)
    } else {
      let idle = opened % 4 == 0 ? Self.idleTimeoutMicroseconds : 0
      schedule(slot, .closes, at: now + idle + 5000 + random.below(4000))
    }
  }

  private func requestLine(_ connection: Connection, start: Int, end: Int) -> LogLine {
    let service = mesh.services[connection.service]
    let endpoint = service.endpoints[connection.endpoint]
    var line = LogLine()
    line.startMicroseconds = start
    line.endMicroseconds = end
    line.method = endpoint.method
    line.path = endpoint.path
    line.pathNumber = connection.pathNumber
    line.httpProtocol = mesh.http11
    line.responseCode = connection.responseCode
    line.responseFlags = mesh.noFlags
    line.responseCodeDetails = mesh.viaUpstream
    line.bytesReceived = connection.requestBodyBytes
    line.bytesSent = connection.responseBodyBytes
    line.serviceMilliseconds = max(0, line.durationMilliseconds - connection.serviceTimeLagMilliseconds)
    line.userAgent = connection.agent
    line.requestID = connection.requestID
    line.authority = service.authority
    line.route = mesh.defaultRoute
    return line
  }

  private func decimalDigits(_ number: Int) -> Int {
    var digits = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    return digits
  }
}
