internal import Correlation

/// How one service's requests and connections were spread over its hosts.
struct ServiceSpread {
  struct Host {
    var host: String
    var meshCluster = ""
    var pod = ""
    /// How many.
    var connections = 0
    fileprivate var connectionUnion = ConnectionUnion()
    var requests: Int64 = 0
    /// Microseconds.
    var busy: Int64 = 0
    var bytes: Int64 = 0
    var failures: Int64 = 0
    var firstStart: Int64 = .max
    var lastStart: Int64 = .min
    /// From the list of endpoints, without a request.
    var isIdle = false
  }

  /// The requests of one client at one host.
  struct Driver {
    var client: String
    var host: String
    fileprivate var connectionUnion = ConnectionUnion()
    var requests: Int64 = 0

    /// How many; takes the time of looking at each.
    var connections: Int { connectionUnion.count }
  }

  let service: String
  /// By address.
  private(set) var hosts: [String: Host] = [:]
  private(set) var drivers: [String: [String: Driver]] = [:]
  /// Requests by proxy and host.
  private(set) var proxies: [String: [String: Int64]] = [:]
  /// Requests by host and minute.
  private var minutes: [String: [Int64: Int64]] = [:]
  /// Requests that were sent to a border or nowhere, so that no host is known.
  private(set) var unplaced: Int64 = 0
  /// Hosts that a proxy called and that never took a connection.
  private(set) var unreachable: [String] = []
  /// Hosts that took connections from a proxy, of whose requests nothing is known.
  private(set) var unlogged: [String] = []
  /// Which kinds of lines tell of it.
  private(set) var hasServers = false
  private(set) var hasProxies = false
  private(set) var hasClients = false

  /// `sums` are all of one service.
  init(_ service: String, _ sums: [GroupSum]) {
    self.service = service
    hasServers = sums.contains { $0.group.server != nil }
    hasProxies = sums.contains { $0.group.proxy != nil }
    hasClients = sums.contains { $0.group.client != nil }
    let known = Set(sums.lazy.map(\.group).filter(ServiceSpread.isPlaced).compactMap(\.host))
    for sum in sums {
      if let host = sum.group.host, known.contains(host) || !(hasServers || hasProxies) {
        add(sum, to: host)
      } else {
        unplaced += sum.attempts
      }
    }
    setAside()
  }

  /// Hosts that only a proxy's lines tell of: how many requests they got is not known, which is not none.
  private mutating func setAside() {
    for host in hosts.keys { hosts[host]?.countConnections() }
    let silent = hosts.values.filter { $0.requests == 0 }
    unreachable = silent.filter { $0.connections == 0 }.map(\.host).sorted()
    for host in unreachable { hosts[host] = nil }
    guard hosts.values.contains(where: { $0.requests > 0 }) else { return }
    unlogged = silent.filter { $0.connections > 0 }.map(\.host).sorted()
    for host in unlogged { hosts[host] = nil }
  }

  /// Whether the host is the one that served: a server's own line, or the proxy that called it, or a client that did.
  private static func isPlaced(_ group: LegTable.Group) -> Bool {
    group.host != nil && (group.server != nil || group.proxy != nil || group.carrierStatus == .direct)
  }

  private mutating func add(_ sum: GroupSum, to name: String) {
    hosts[name, default: Host(host: name)].add(sum)
    guard sum.attempts > 0 else { return }
    sum.addMinutes(to: &minutes[name, default: [:]])
    if let proxy = sum.group.proxy { proxies[proxy.pod, default: [:]][name, default: 0] += sum.attempts }
    let client = sum.group.client?.pod ?? ""
    drivers[client, default: [:]][name, default: Driver(client: client, host: name)].add(sum)
  }

  /// Adds endpoints that served nothing.
  mutating func add(idle endpoints: [Endpoint]) {
    let known = Set(hosts.keys)
    let knownIPs = Set(hosts.keys.map(Endpoint.ip))
    for endpoint in endpoints {
      let isKnown = endpoint.port == nil ? knownIPs.contains(endpoint.ip) : known.contains(endpoint.address)
      if isKnown { continue }
      var host = Host(host: endpoint.address)
      host.pod = endpoint.pod
      host.isIdle = true
      hosts[endpoint.address] = host
    }
  }

  /// By requests, most first.
  var sortedHosts: [Host] {
    hosts.values.sorted { ($1.requests, $0.host) < ($0.requests, $1.host) }
  }

  var requests: ImbalanceMetrics { metrics { Double($0.requests) } }
  var connections: ImbalanceMetrics { metrics { Double($0.connections) } }
  /// Busy time and bytes come in requests: as many independent choices at most.
  var busy: ImbalanceMetrics { metrics(choices: requests.total) { Double($0.busy) / 1000 } }
  var bytes: ImbalanceMetrics { metrics(choices: requests.total) { Double($0.bytes) } }

  private func metrics(choices: Double? = nil, _ value: (Host) -> Double) -> ImbalanceMetrics {
    let values = hosts.values.map(value)
    return ImbalanceMetrics(values, choices: choices ?? values.reduce(0, +))
  }

  /// The minute in which the requests were spread worst, of those with enough of them to tell.
  var worstMinute: (minute: Int64, metrics: ImbalanceMetrics)? {
    let counts = hosts.keys.map { minutes[$0] ?? [:] }
    return Set(counts.joined().lazy.map(\.key)).map { minute in
      let values = counts.map { Double($0[minute] ?? 0) }
      return (minute, ImbalanceMetrics(values, choices: values.reduce(0, +)))
    }
    .filter { $0.1.isUneven }
    .max { ($0.1.maxOverMean, $1.0) < ($1.1.maxOverMean, $0.0) }
  }
}

extension GroupSum {
  fileprivate func addMinutes(to counts: inout [Int64: Int64]) {
    for (minute, attempts) in minutes { counts[minute, default: 0] += attempts }
  }
}

extension ServiceSpread.Host {
  /// When all sums are there.
  fileprivate mutating func countConnections() {
    connections = connectionUnion.count
    connectionUnion = ConnectionUnion()
  }

  fileprivate mutating func add(_ sum: GroupSum) {
    if let server = sum.group.server { (meshCluster, pod) = (server.meshCluster, server.pod) }
    if meshCluster.isEmpty, let proxy = sum.group.proxy { meshCluster = proxy.meshCluster }
    connectionUnion.add(sum.connections)
    requests += sum.attempts
    busy += sum.busy
    bytes += sum.bytes
    failures += sum.failures
    firstStart = min(firstStart, sum.firstStart)
    lastStart = max(lastStart, sum.lastStart)
  }
}

extension ServiceSpread.Driver {
  fileprivate mutating func add(_ sum: GroupSum) {
    connectionUnion.add(sum.connections)
    requests += sum.attempts
  }
}
