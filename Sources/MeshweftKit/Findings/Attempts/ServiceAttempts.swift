/// All that arrived at one service's hosts.
struct ServiceAttempts {
  let service: String
  var hosts: [AttemptHost] = []
  /// By start.
  var attempts: [FindingAttempt] = []
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
  /// IPs of hosts that got something which is not counted.
  private var leftOut: Set<String> = []
  fileprivate var hostIndex: [AttemptHost.Name: Int32] = [:]
  /// Places among `hosts` by address and mesh cluster.
  fileprivate var hostsAt: [String: [String: [Int]]] = [:]
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
  mutating func host(_ address: String, _ meshCluster: String, pod: String = "") -> Int32 {
    let key = AttemptHost.Name(address: address, meshCluster: meshCluster, pod: pod)
    if let known = hostIndex[key] { return known }
    let index = Int32(hosts.count)
    hostIndex[key] = index
    hostsAt[address, default: [:]][meshCluster, default: []].append(hosts.count)
    hosts.append(AttemptHost(address: address, meshCluster: meshCluster))
    return index
  }

  fileprivate mutating func connection(_ id: ConnectionID, _ attempt: FindingAttempt) -> Int32 {
    if let known = connectionIndex[id] { return known }
    let index = Int32(connections.count)
    connectionIndex[id] = index
    connections.append(
      AttemptConnection(
        host: attempt.host, client: attempt.client, proxy: attempt.proxy, first: attempt.start,
        last: attempt.start, crossedBorder: attempt.crossedBorder))
    return index
  }

  mutating func add(_ attempt: FindingAttempt, carrier: Int32, peer: Int64) {
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

  /// Callers' lines tell of all that any host got.
  private var wouldTell: Bool {
    let served = attempts.filter { $0.serverLine >= 0 }
    let told = served.count { $0.clientLine >= 0 }
    return attempts.contains { $0.clientLine >= 0 }
      && Double(told) >= CallersView.whole * Double(served.count)
      && Double(unplaced) <= (1 - CallersView.whole) * Double(attempts.count)
  }

  /// Endpoints that Kubernetes tells of and that served nothing, as members while their pods lived.
  mutating func add(_ known: KnownEndpoints) {
    guard !attempts.isEmpty, wouldTell,
      let found = known.endpoints(
        of: service, in: Set(hosts.map(\.meshCluster)), from: first, to: last)
    else { return }
    let names = HostNames(hosts.map(\.address))
    let ips = Set(hosts.map { HostName($0.address).ip })
    for one in found where ips.union(leftOut).isDisjoint(with: one.endpoint.ips) {
      // Whom a proxy called, or some caller whose log is not here, may have got something.
      if one.endpoint.ips.contains(where: { ip in
        passedOn.keys.contains { HostName($0).ip == ip }
      }) {
        continue
      }
      let index = Int(host(one.endpoint.name(like: names), one.meshCluster))
      hosts[index].pod = one.endpoint.pod
      hosts[index].isListed = true
      hosts[index].life = (one.first ?? .min)...max(one.first ?? .min, one.last ?? .max)
    }
  }

  /// Leaves out hosts without a log of their own where not all callers' logs are here: they got more than is known.
  mutating func leaveOutPartlyTold() {
    let served = attempts.filter { $0.serverLine >= 0 }
    let told = served.count { $0.clientLine >= 0 }
    guard served.count < attempts.count, Double(told) < CallersView.whole * Double(served.count) else {
      return
    }
    var whole = ServiceAttempts(service)
    (whole.clientRequests, whole.hasServers, whole.hasProxies) = (clientRequests, hasServers, hasProxies)
    (whole.isTCP, whole.isAmbient, whole.passedOn, whole.unplaced) = (isTCP, isAmbient, passedOn, unplaced)
    whole.leftOut = Set(hosts.filter { $0.source < 0 }.map { HostName($0.address).ip })
    var places: [Int32: Int32] = [:]
    for (place, host) in hosts.enumerated() where host.source >= 0 {
      let kept = whole.host(host.address, host.meshCluster, pod: host.pod)
      whole.hosts[Int(kept)] = host
      places[Int32(place)] = kept
    }
    var kept: [Int32: Int32] = [:]
    for var attempt in attempts {
      guard let host = places[attempt.host] else { continue }
      let connection = kept[attempt.connection] ?? Int32(whole.connections.count)
      if connection == whole.connections.count {
        kept[attempt.connection] = connection
        whole.connections.append(connections[Int(attempt.connection)])
        whole.connections[Int(connection)].host = host
      }
      (attempt.host, attempt.connection) = (host, connection)
      whole.attempts.append(attempt)
    }
    self = whole
  }

  mutating func sort() {
    attempts.sort { ($0.start, $0.serverLine, $0.clientLine) < ($1.start, $1.serverLine, $1.clientLine) }
  }
}

extension ServiceAttempts {
  /// The host at an address: of several that of the mesh cluster, and of these the one that came last before a time; nil where
  /// there is none, or it is not known which.
  func known(_ address: String, _ meshCluster: String, at time: Int64) -> Int32? {
    guard let places = places(address, seenFrom: meshCluster) else { return nil }
    func isBefore(_ one: Int, _ other: Int) -> Bool { hosts[one].firstSign < hosts[other].firstSign }
    let begun = places.lazy.filter { [hosts] in hosts[$0].firstSign <= time }
    return (begun.max(by: isBefore) ?? places.min(by: isBefore)).map { Int32($0) }
  }

  /// The hosts at an address: those of a mesh cluster where it has any; nil where it has none and several others have.
  private func places(_ address: String, seenFrom meshCluster: String) -> [Int]? {
    let all = hostsAt[address] ?? [:]
    return all[meshCluster] ?? (all.count == 1 ? all.first?.value : nil)
  }

  /// Whether pods that had one address after the other had a connection at some time, a proxy's line does not tell.
  mutating func sign(_ address: String, from meshCluster: String, _ from: Int64, _ to: Int64) {
    guard let found = places(address, seenFrom: meshCluster), found.count == 1 else { return }
    hosts[found[0]].sign(from, to)
  }

  mutating func tellApart() {
    for clusters in hostsAt.values {
      for places in clusters.values {
        for place in places {
          hosts[place].isElsewhere = clusters.count > 1
          hosts[place].isTakenOver = places.count > 1
        }
      }
    }
  }

  /// Any line of a host's own log is a sign of its life; where a pod came back under another address, of that which it had then.
  mutating func sign(_ lives: [Int: (first: Int64, last: Int64)]) {
    for (source, places) in Dictionary(grouping: hosts.indices, by: { hosts[$0].source }) {
      guard let life = lives[source] else { continue }
      let addresses = inTurn(places)
      for (turn, places) in addresses.enumerated() {
        let first = turn == 0 ? life.first : places.reduce(.max) { min($0, hosts[$1].firstSign) }
        let last =
          turn == addresses.count - 1 ? life.last : places.reduce(.min) { max($0, hosts[$1].lastSign) }
        for place in places { hosts[place].sign(first, last) }
      }
    }
  }

  /// Hosts of one pod by their IPs, in the order in which it had these; all together where it had several at a time.
  private func inTurn(_ places: [Int]) -> [[Int]] {
    if places.count == 1 { return [places] }
    let byIP = Dictionary(grouping: places) { HostName(hosts[$0].address).ip }
    let turns = byIP.values.map { places in
      (
        places: places, first: places.reduce(.max) { min($0, hosts[$1].firstSign) },
        last: places.reduce(.min) { max($0, hosts[$1].lastSign) }
      )
    }.sorted { ($0.first, $0.last, $0.places[0]) < ($1.first, $1.last, $1.places[0]) }
    let follow = zip(turns, turns.dropFirst()).allSatisfy { $0.last <= $1.first }
    return follow ? turns.map(\.places) : [places]
  }
}
