internal import AccessLog
internal import Correlation

/// One attempt that arrived at a host.
struct Attempt {
  /// Microseconds since the epoch, on the clock of whoever logged it last in its way.
  var start: Int64
  /// Microseconds that the host was busy with it.
  var busy: Int64
  /// Bodies of request and response.
  var bytes: Int64
  /// Indices of `ServiceAttempts`.
  var host: Int32
  var connection: Int32
  /// Of `FindingLines.sources`, -1 where not known.
  var client: Int32 = -1
  var proxy: Int32 = -1
  /// Of `FindingLines.paths`.
  var path: Int32
  /// Places of lines, -1 where there is none.
  var clientLine: Int32 = -1
  var serverLine: Int32 = -1
  var failed: Bool
  /// A cross-network proxy was on the way.
  var crossedBorder: Bool
  /// It is known that none was.
  var isDirect: Bool
}

/// One TCP connection on which a host got requests.
struct AttemptConnection {
  var host: Int32
  var client: Int32
  var proxy: Int32
  var requests = 0
  /// Microseconds since the epoch, of its first and last request, or of its proxy's line.
  var first: Int64
  var last: Int64
  var crossedBorder: Bool
}

/// All that arrived at one service's hosts.
struct ServiceAttempts {
  let service: String
  var hosts: [AttemptHost] = []
  /// By start.
  var attempts: [Attempt] = []
  var connections: [AttemptConnection] = []
  /// Client lines of the service, one per request.
  var clientRequests = 0
  var hasServers = false
  var hasProxies = false
  /// Attempts are TCP connections: it has no requests.
  var isTCP = false
  /// A waypoint calls its hosts, which may have no sidecar and so no log.
  var isAmbient = false
  /// Addresses to which proxies passed connections on, and how many.
  var passedOn: [String: (meshCluster: String, connections: Int)] = [:]
  /// Client lines that were sent to an address that may be a border, so that no host is known.
  var unplaced = 0
  fileprivate var hostIndex: [String: Int32] = [:]
  fileprivate var connectionIndex: [ConnectionID: Int32] = [:]

  fileprivate struct ConnectionID: Hashable {
    var host: Int32
    /// A carrier's place, or the peer's address.
    var carrier: Int32
    var peer: Int64
  }

  init(_ service: String) { self.service = service }

  var first: Int64 { attempts.first?.start ?? 0 }
  var last: Int64 { max(attempts.last?.start ?? 0, first) }
  /// Most of it came over cross-network proxies, or not.
  var crossedBorder: Bool { attempts.count { $0.crossedBorder } * 2 > attempts.count }
  var isDirect: Bool { attempts.count { $0.isDirect } * 2 > attempts.count }

  /// The host that a pod was at an address; without a pod where nobody's log is there.
  fileprivate mutating func host(_ address: String, _ meshCluster: String, pod: String = "") -> Int32 {
    let key = "\(meshCluster) \(address) \(pod)"
    if let known = hostIndex[key] { return known }
    let index = Int32(hosts.count)
    hostIndex[key] = index
    hosts.append(AttemptHost(address: address, meshCluster: meshCluster))
    return index
  }

  fileprivate mutating func connection(_ id: ConnectionID, _ attempt: Attempt) -> Int32 {
    if let known = connectionIndex[id] { return known }
    let index = Int32(connections.count)
    connectionIndex[id] = index
    connections.append(
      AttemptConnection(
        host: attempt.host, client: attempt.client, proxy: attempt.proxy, first: attempt.start,
        last: attempt.start, crossedBorder: attempt.crossedBorder))
    return index
  }

  fileprivate mutating func add(_ attempt: Attempt, carrier: Int32, peer: Int64) {
    var attempt = attempt
    let id = ConnectionID(host: attempt.host, carrier: carrier, peer: carrier >= 0 ? 0 : peer)
    attempt.connection = connection(id, attempt)
    let place = Int(attempt.connection)
    connections[place].requests += 1
    connections[place].first = min(connections[place].first, attempt.start)
    connections[place].last = max(connections[place].last, attempt.start + attempt.busy)
    hosts[Int(attempt.host)].requests += 1
    hosts[Int(attempt.host)].sign(attempt.start, attempt.start + attempt.busy)
    attempts.append(attempt)
  }

  /// Endpoints that served nothing, as members all the time.
  mutating func add(_ endpoints: [Endpoint]) {
    let known = HostNames(hosts.map(\.address))
    let ips = Set(hosts.map { HostName($0.address).ip })
    let listed = Set(endpoints.flatMap(\.ips))
    for index in hosts.indices { hosts[index].isListed = listed.contains(HostName(hosts[index].address).ip) }
    for endpoint in endpoints where ips.isDisjoint(with: endpoint.ips) {
      let index = Int(host(endpoint.name(like: known), ""))
      hosts[index].pod = endpoint.pod
      hosts[index].isListed = true
    }
  }

  mutating func sort() {
    attempts.sort { ($0.start, $0.serverLine, $0.clientLine) < ($1.start, $1.serverLine, $1.clientLine) }
  }
}

/// The attempts of all services, of a set of lines.
struct AttemptTable {
  private(set) var services: [String: ServiceAttempts] = [:]
  /// For each client line the server lines that answer it.
  private(set) var answers: [Int32: [Int32]] = [:]

  init(_ lines: FindingLines) {
    for place in lines.lines.indices where lines.attributes(place).isCalled {
      let parent = lines.lines[place].parent
      if parent >= 0, lines.attributes(Int(parent)).isCaller {
        answers[parent, default: []].append(Int32(place))
      }
    }
    let (connections, requests) = lines.lines.indices.reduce(into: ([Int](), [Int]())) { places, place in
      if lines.attributes(place).isConnection { places.0.append(place) } else { places.1.append(place) }
    }
    add(requests, lines)
    let withRequests = Set(services.keys.filter { services[$0]?.attempts.isEmpty == false })
    // Connections count where there is nothing else to count.
    add(connections.filter { lines.attributes($0).service.map { !withRequests.contains($0) } ?? true }, lines)
    addLives(lines)
    for service in services.keys {
      services[service]?.sort()
      services[service]?.tellApart()
    }
  }

  /// Servers' lines first: where requests without one arrived, the others tell.
  private mutating func add(_ places: [Int], _ lines: FindingLines) {
    for place in places where lines.attributes(place).role == .server { addServer(place, lines) }
    for place in places where lines.attributes(place).role != .server { addOther(place, lines) }
  }

  private mutating func addOther(_ place: Int, _ lines: FindingLines) {
    switch lines.attributes(place).role {
    case .client: addClient(place, lines)
    case .gateway: addGateway(place, lines)
    case .proxy: addProxy(place, lines)
    case .server, .unknown: break
    }
  }

  private mutating func addServer(_ place: Int, _ lines: FindingLines) {
    let (line, set) = (lines.lines[place], lines.attributes(place))
    let client = lines.clientLine(of: place)
    let gateway = lines.gateway(before: place)
    guard let service = set.service ?? (client >= 0 ? lines.attributes(client).service : nil),
      let address = set.downstreamLocal
    else { return }
    let source = lines.source(place)
    let carrier = line.carrier >= 0 ? line.carrier : client >= 0 ? lines.lines[client].carrier : -1
    let waits = line.status == .notLoggedYet || line.status == .missing
    var all = services.removeValue(forKey: service) ?? ServiceAttempts(service)
    let host = all.host(address, source.meshCluster, pod: source.pod)
    all.hasServers = true
    all.hosts[Int(host)].pod = source.pod
    all.hosts[Int(host)].source = set.source
    if let subset = set.subset { all.hosts[Int(host)].subset = subset }
    var attempt = Attempt(
      start: line.start, busy: line.duration, bytes: line.received + line.sent, host: host, connection: -1,
      path: line.path, serverLine: Int32(place), failed: set.isFailure, crossedBorder: carrier >= 0 || waits,
      isDirect: line.status == .direct || client >= 0 && lines.lines[client].status == .direct)
    if client >= 0 {
      attempt.client = Int32(lines.attributes(client).source)
      attempt.clientLine = Int32(client)
    }
    if carrier >= 0 {
      attempt.proxy = Int32(lines.attributes(Int(carrier)).source)
    } else if gateway >= 0, gateway != client {
      attempt.proxy = Int32(lines.attributes(gateway).source)
    }
    all.isTCP = set.isConnection
    all.add(attempt, carrier: carrier, peer: line.downstreamRemote)
    services[service] = all
  }

  /// A request whose server's line is not there arrived where it was answered.
  private mutating func addClient(_ place: Int, _ lines: FindingLines) {
    let (line, set) = (lines.lines[place], lines.attributes(place))
    guard let service = set.service else { return }
    var all = services.removeValue(forKey: service) ?? ServiceAttempts(service)
    defer { services[service] = all }
    all.clientRequests += 1
    guard answers[Int32(place)] == nil, !set.isFailure, set.code != 0 || set.isConnection else { return }
    let carrier = Int(line.carrier)
    let called = carrier >= 0 ? lines.attributes(carrier).upstreamHost : set.upstreamHost
    guard let called, carrier >= 0 || line.status == .direct || !called.hasSuffix(FindingLines.borderPort),
      line.status != .notLoggedYet, line.status != .missing
    else {
      all.unplaced += 1
      return
    }
    let cluster = carrier >= 0 ? lines.source(carrier).meshCluster : ""
    let host = all.known(called, cluster, at: line.end) ?? all.host(called, cluster)
    if let subset = set.subset { all.hosts[Int(host)].subset = subset }
    var attempt = Attempt(
      start: line.start, busy: line.duration, bytes: line.received + line.sent, host: host, connection: -1,
      client: Int32(set.source), path: line.path, clientLine: Int32(place), failed: false,
      crossedBorder: carrier >= 0,
      isDirect: carrier < 0)
    if carrier >= 0 { attempt.proxy = Int32(lines.attributes(carrier).source) }
    all.isTCP = set.isConnection
    all.add(attempt, carrier: line.carrier, peer: line.upstreamLocal)
  }

  /// A gateway's request whose server's line is not there arrived at the host that the gateway called. A gateway that
  /// nobody's line calls is the caller, but for a waypoint, which stands for its service.
  private mutating func addGateway(_ place: Int, _ lines: FindingLines) {
    let (line, set) = (lines.lines[place], lines.attributes(place))
    guard let service = set.service else { return }
    let top = lines.clientLine(of: place)
    let isCaller = top < 0 && !set.isWaypoint
    var all = services.removeValue(forKey: service) ?? ServiceAttempts(service)
    defer { services[service] = all }
    if isCaller { all.clientRequests += 1 }
    guard answers[Int32(place)] == nil, !set.isFailure, set.code != 0 || set.isConnection,
      let called = line.carrier >= 0 ? lines.attributes(Int(line.carrier)).upstreamHost : set.upstreamHost,
      line.carrier >= 0 || !called.hasSuffix(FindingLines.borderPort)
    else { return }
    let cluster = lines.source(place).meshCluster
    let host = all.known(called, cluster, at: line.end) ?? all.host(called, cluster)
    if set.isWaypoint { all.isAmbient = true }
    var attempt = Attempt(
      start: line.start, busy: line.duration, bytes: line.received + line.sent, host: host, connection: -1,
      path: line.path, failed: false, crossedBorder: line.carrier >= 0, isDirect: line.carrier < 0)
    // A waypoint's own line tells of a request that nobody else's does, but not who called.
    attempt.clientLine = Int32(top >= 0 ? top : place)
    if isCaller || top >= 0 {
      attempt.client = Int32(lines.attributes(Int(attempt.clientLine)).source)
    }
    if !isCaller { attempt.proxy = Int32(set.source) }
    all.isTCP = set.isConnection
    all.add(attempt, carrier: line.carrier, peer: line.upstreamLocal)
  }

  /// A connection to a host is a sign of its life.
  private mutating func addProxy(_ place: Int, _ lines: FindingLines) {
    let set = lines.attributes(place)
    guard let service = set.service else { return }
    services[service, default: ServiceAttempts(service)].hasProxies = true
  }

  private mutating func addLives(_ lines: FindingLines) {
    var bySet: [Int32: (first: Int64, last: Int64, count: Int)] = [:]
    for line in lines.lines {
      let life = bySet[line.set] ?? (line.start, line.end, 0)
      bySet[line.set] = (min(life.first, line.start), max(life.last, line.end), life.count + 1)
    }
    var bySource: [Int: (first: Int64, last: Int64)] = [:]
    for (index, life) in bySet {
      let set = lines.sets[Int(index)]
      let known = bySource[set.source] ?? (life.first, life.last)
      bySource[set.source] = (min(known.first, life.first), max(known.last, life.last))
      if set.role == .proxy, let service = set.service, let address = set.upstreamHost {
        services[service]?.sign(
          address, from: lines.sources[set.source].meshCluster, life.first, life.last)
        if set.flags.isEmpty {
          let before = services[service]?.passedOn[address]?.connections ?? 0
          services[service]?.passedOn[address] = (lines.sources[set.source].meshCluster, before + life.count)
        }
      }
    }
    for service in services.keys { services[service]?.sign(bySource) }
  }
}

extension ServiceAttempts {
  /// The host at an address: of several that of the mesh cluster, and of these the one that came last before a time; nil where
  /// there is none, or it is not known which.
  fileprivate func known(_ address: String, _ meshCluster: String, at time: Int64) -> Int32? {
    var found = places(address, seenFrom: meshCluster)
    if found.count > 1 {
      guard Set(found.map { hosts[$0].meshCluster }).count == 1 else { return nil }
      let sorted = found.sorted { hosts[$0].firstSign < hosts[$1].firstSign }
      found = [sorted.last { hosts[$0].firstSign <= time } ?? sorted[0]]
    }
    return found.first.map { Int32($0) }
  }

  /// The hosts at an address: those of a mesh cluster where it has any.
  private func places(_ address: String, seenFrom meshCluster: String) -> [Int] {
    let all = hosts.indices.filter { hosts[$0].address == address }
    let own = all.filter { hosts[$0].meshCluster == meshCluster }
    return own.isEmpty ? all : own
  }

  /// Whether pods that had one address after the other had a connection at some time, a proxy's line does not tell.
  fileprivate mutating func sign(_ address: String, from meshCluster: String, _ from: Int64, _ to: Int64) {
    let found = places(address, seenFrom: meshCluster)
    if found.count == 1 { hosts[found[0]].sign(from, to) }
  }

  fileprivate mutating func tellApart() {
    for places in Dictionary(grouping: hosts.indices, by: { hosts[$0].address }).values where places.count > 1
    {
      for place in places {
        let others = places.filter { $0 != place }
        hosts[place].isElsewhere = others.contains { hosts[$0].meshCluster != hosts[place].meshCluster }
        hosts[place].isTakenOver = others.contains { hosts[$0].meshCluster == hosts[place].meshCluster }
      }
    }
  }

  /// Any line of a host's own log is a sign of its life.
  fileprivate mutating func sign(_ lives: [Int: (first: Int64, last: Int64)]) {
    for index in hosts.indices {
      if let life = lives[hosts[index].source] { hosts[index].sign(life.first, life.last) }
    }
  }
}

extension FindingLines {
  /// What cross-network proxies listen on (Istio's AUTO_PASSTHROUGH port).
  static let borderPort = ":15443"

  /// The place of the first line of those who called a server, or a gateway: a client's, or a gateway's that nobody's line
  /// calls; -1 for none.
  func clientLine(of place: Int) -> Int {
    var top = place
    for _ in 0..<FindingLines.gatewaysInARow {
      let parent = Int(lines[top].parent)
      guard parent >= 0, attributes(parent).isCaller else { break }
      top = parent
      guard attributes(parent).role == .gateway else { break }
    }
    return top == place || attributes(top).isWaypoint ? -1 : top
  }

  /// The place of the gateway's line that called a server, -1 for none.
  func gateway(before place: Int) -> Int {
    let parent = Int(lines[place].parent)
    return parent >= 0 && attributes(parent).role == .gateway ? parent : -1
  }

  /// Hostile links must not lead on for ever.
  private static let gatewaysInARow = 16
}

extension FindingAttributes {
  /// No response, 5xx, or a flag; a connection has no response.
  var isFailure: Bool { code == 0 && !isConnection || code >= 500 || !flags.isEmpty }

  /// A TCP connection at one of its ends.
  var isConnection: Bool { method == nil && code == 0 && role != .proxy && role != .unknown }

  /// A gateway that stands for the service that it calls.
  var isWaypoint: Bool { role == .gateway && upstreamCluster?.hasPrefix("inbound-vip|") ?? false }

  /// Its parent is who called it over the network.
  var isCalled: Bool { role == .server || role == .gateway }

  /// It may be the parent of whom it called over the network.
  var isCaller: Bool { role == .client || role == .gateway }
}

extension AttemptTable {
  mutating func add(_ endpoints: [Endpoint], to service: String) { services[service]?.add(endpoints) }
}
