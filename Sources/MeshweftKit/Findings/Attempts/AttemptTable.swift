internal import AccessLog
internal import Correlation

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
      if !lines.attributes(place).isConnection {
        places.1.append(place)
      } else if !lines.isOnTheWay(place) {
        places.0.append(place)
      }
    }
    add(requests, lines)
    let withRequests = Set(services.keys.filter { services[$0]?.attempts.isEmpty == false })
    // Connections count where there is nothing else to count.
    add(connections.filter { lines.attributes($0).service.map { !withRequests.contains($0) } ?? true }, lines)
    addLives(lines)
    for service in services.keys {
      services[service]?.leaveOutPartlyTold()
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
    let called = client >= 0 ? lines.attributes(client).service : nil
    // A ztunnel names the pod's port where its caller names the service's.
    guard let service = set.isTunnel ? called ?? set.service : set.service ?? called,
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
    var attempt = FindingAttempt(
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
    // All connections of an app to a pod have one tunnel, whose port a ztunnel's line has.
    all.add(attempt, carrier: carrier, peer: set.isTunnel ? Int64.min + Int64(place) : line.downstreamRemote)
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
    var attempt = FindingAttempt(
      start: line.start, busy: line.duration, bytes: line.received + line.sent, host: host, connection: -1,
      client: Int32(set.source), path: line.path, clientLine: Int32(place), failed: false,
      crossedBorder: carrier >= 0,
      isDirect: carrier < 0)
    if carrier >= 0 { attempt.proxy = Int32(lines.attributes(carrier).source) }
    all.isTCP = set.isConnection
    all.add(
      attempt, carrier: line.carrier, peer: set.isTunnel ? Int64.min + Int64(place) : line.upstreamLocal)
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
    var attempt = FindingAttempt(
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

extension AttemptTable {
  mutating func add(_ endpoints: [Endpoint], to service: String) { services[service]?.add(endpoints) }

  mutating func add(_ known: KnownEndpoints, to named: [String]) {
    for service in named { services[service]?.add(known) }
  }
}
