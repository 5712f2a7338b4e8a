internal import Correlation

/// How one service's requests and connections were spread over its hosts.
struct ServiceSpread {
  struct Host {
    /// Its address.
    var host: String
    /// Tells it from other hosts of its address.
    var key: String
    var meshCluster = ""
    var pod = ""
    /// How many.
    var connections = 0
    /// `Group.index`es.
    fileprivate var groups: [Int] = []
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

  /// One client's pod, empty where it is not known, and one host.
  struct DriverPair: Hashable {
    var client: String
    /// A host's key.
    var host: String
  }

  /// The requests of one client at one host.
  struct Driver {
    var client: String
    /// A host's key.
    var host: String
    var requests: Int64 = 0
    private let tally: ConnectionTally
    /// `Group.index`es.
    fileprivate var groups: [Int] = []

    init(_ pair: DriverPair, _ tally: ConnectionTally) {
      (client, host) = (pair.client, pair.host)
      self.tally = tally
    }

    /// How many; takes the time of looking at each.
    var connections: Int { tally.count(ofGroups: groups) }
  }

  let service: String
  /// It has no requests: what counts as one is a TCP connection.
  let isTCP: Bool
  /// By key.
  private(set) var hosts: [String: Host] = [:]
  private(set) var drivers: [DriverPair: Driver] = [:]
  /// Requests by proxy and host.
  private(set) var proxies: [String: [String: Int64]] = [:]
  /// Requests by host and minute.
  private let minutes: [String: HostMinutes]
  private let tally: ConnectionTally
  /// Requests that were sent to a border or nowhere, so that no host is known.
  private(set) var unplaced: Int64 = 0
  /// Hosts that a proxy called and that never took a connection.
  private(set) var unreachable: [String] = []
  /// Hosts that took connections from a proxy, of whose requests nothing is known.
  private(set) var unlogged: [String] = []
  /// Hosts without a log of their own, called by some callers whose logs are there and by others whose are not.
  private(set) var partlyTold: [String] = []
  /// Addresses of hosts that got something which is not counted.
  private var setAsideHosts: Set<String> = []
  /// Callers' lines tell of all that any host got.
  private let callersTellAll: Bool
  /// Which kinds of lines tell of it.
  private(set) var hasServers = false
  private(set) var hasProxies = false
  private(set) var hasClients = false
  /// By requests, most first.
  private(set) var sortedHosts: [Host] = []
  private(set) var requests = ImbalanceMetrics([], choices: nil)
  private(set) var connections = ImbalanceMetrics([], choices: nil)
  /// Busy time and bytes come in requests: as many independent choices at most.
  private(set) var busy = ImbalanceMetrics([], choices: nil)
  private(set) var bytes = ImbalanceMetrics([], choices: nil)

  /// `sums` are all of one service.
  init(_ service: String, _ all: ServiceSums) {
    self.service = service
    minutes = all.minutes
    tally = all.connections
    // Connections count where there is nothing else to count.
    isTCP =
      !all.groups.contains { !$0.group.isTCP && $0.attempts > 0 } && all.groups.contains { $0.group.isTCP }
    let sums = isTCP ? all.groups : all.groups.filter { !$0.group.isTCP }
    hasServers = sums.contains { $0.group.server != nil }
    hasProxies = sums.contains { $0.group.proxy != nil }
    hasClients = sums.contains { $0.group.client != nil }
    let known = Set(sums.lazy.map(\.group).filter(ServiceSpread.isPlaced).compactMap(\.hostKey))
    let calls = CallersView(sums)
    callersTellAll = calls.wouldTell
    var partlyTold: [String: Host] = [:]
    for sum in sums {
      guard let host = sum.group.hostKey else {
        unplaced += sum.attempts
        continue
      }
      if known.contains(host) || !(hasServers || hasProxies) || calls.tellAll(of: sum.group) {
        add(sum, to: host)
      } else if calls.isHost(sum.group) {
        partlyTold[host, default: Host(host: sum.group.host ?? host, key: host)].add(sum)
      } else {
        unplaced += sum.attempts
      }
    }
    self.partlyTold = partlyTold.values.map(name).sorted()
    setAsideHosts = Set(partlyTold.values.map(\.host))
    setAside()
    measure()
  }

  /// When all hosts are there: who asks for a measure does so once for each host, and it takes the time of all of them.
  private mutating func measure() {
    sortedHosts = hosts.values.sorted { ($1.requests, $0.key) < ($0.requests, $1.key) }
    requests = metrics { Double($0.requests) }
    connections = metrics { Double($0.connections) }
    busy = metrics(choices: requests.total) { Double($0.busy) / 1000 }
    bytes = metrics(choices: requests.total) { Double($0.bytes) }
  }

  private func metrics(choices: Double? = nil, _ value: (Host) -> Double) -> ImbalanceMetrics {
    let values = sortedHosts.map(value)
    return ImbalanceMetrics(values, choices: choices ?? values.reduce(0, +))
  }

  /// Hosts that only a proxy's lines tell of: how many requests they got is not known, which is not none.
  private mutating func setAside() {
    for host in hosts.keys { hosts[host]?.countConnections(tally) }
    let silent = hosts.values.filter { $0.requests == 0 }.sorted { $0.key < $1.key }
    unreachable = silent.filter { $0.connections == 0 }.map(name)
    setAsideHosts.formUnion(silent.map(\.host))
    for host in silent where host.connections == 0 { hosts[host.key] = nil }
    guard hosts.values.contains(where: { $0.requests > 0 }) else { return }
    unlogged = silent.filter { $0.connections > 0 }.map(name)
    for host in silent { hosts[host.key] = nil }
  }

  /// What people call a host: its address, with its mesh cluster or pod where others have that address, too.
  func name(_ host: Host) -> String { ServiceSpread.name(host, among: hosts.values) }

  /// What people call the host of a key; the key itself where no host has it.
  func name(ofHost key: String) -> String { hosts[key].map(name) ?? key }

  private static func name(_ host: Host, among all: some Sequence<Host>) -> String {
    if host.key == host.host { return host.host }
    let isElsewhere = all.contains { $0.host == host.host && $0.meshCluster != host.meshCluster }
    let others = all.contains {
      $0.host == host.host && $0.meshCluster == host.meshCluster && $0.key != host.key
    }
    return host.host + (isElsewhere && !host.meshCluster.isEmpty ? " in \(host.meshCluster)" : "")
      + (others && !host.pod.isEmpty ? " (\(host.pod))" : "")
  }

  /// Whether the host is the one that served: a server's own line, or the proxy that called it, or a client that did.
  private static func isPlaced(_ group: LegTable.Group) -> Bool {
    group.host != nil && (group.server != nil || group.proxy != nil || group.carrierStatus == .direct)
  }

  private mutating func add(_ sum: GroupSum, to name: String) {
    hosts[name, default: Host(host: sum.group.host ?? name, key: name)].add(sum)
    guard sum.attempts > 0 else { return }
    if let proxy = sum.group.proxy { proxies[proxy.pod, default: [:]][name, default: 0] += sum.attempts }
    let pair = DriverPair(client: sum.group.client?.pod ?? "", host: name)
    drivers[pair, default: Driver(pair, tally)].add(sum)
  }

  /// Adds endpoints that served nothing.
  mutating func add(idle endpoints: [Endpoint]) {
    let known = HostNames(hosts.values.map(\.host))
    let others = HostNames(setAsideHosts.subtracting(hosts.values.map(\.host)))
    for endpoint in endpoints where !known.contain(endpoint) && !others.contain(endpoint) {
      let name = endpoint.name(like: known)
      if hosts[name] != nil { continue }
      var host = Host(host: name, key: name)
      host.pod = endpoint.pod
      host.isIdle = true
      hosts[name] = host
    }
    measure()
  }

  /// Adds the endpoints that Kubernetes tells of and that served nothing, where that is known of hosts without a log.
  /// - Returns: whether it is.
  mutating func add(idle known: KnownEndpoints) -> Bool {
    let served = hosts.values.filter { $0.requests > 0 }
    guard callersTellAll, Double(unplaced) <= (1 - CallersView.whole) * requests.total,
      let from = served.map(\.firstStart).min(), let to = served.map(\.lastStart).max(),
      let found = known.endpoints(
        of: service, in: Set(hosts.values.map(\.meshCluster)), from: from, to: to)
    else { return false }
    add(idle: found.map(\.endpoint))
    return true
  }

  /// Whether there is anything to say of it.
  var hasSomething: Bool { !hosts.isEmpty || unplaced > 0 }

  /// Services are listed by their requests, most first.
  static func isBusier(_ one: ServiceSpread, _ other: ServiceSpread) -> Bool {
    (other.requests.total, one.service) < (one.requests.total, other.service)
  }

  /// The minute in which the requests were spread worst, of those with enough of them to tell.
  var worstMinute: (minute: Int64, metrics: ImbalanceMetrics)? {
    ImbalanceMetrics.worstMinute(hosts.keys.lazy.compactMap { minutes[$0] }, hosts: hosts.count)
  }
}

extension ServiceSpread.Host {
  /// When all sums are there.
  fileprivate mutating func countConnections(_ tally: ConnectionTally) {
    connections = tally.count(ofGroups: groups)
    groups = []
  }

  fileprivate mutating func add(_ sum: GroupSum) {
    if let server = sum.group.server { (meshCluster, pod) = (server.meshCluster, server.pod) }
    if pod.isEmpty, let owner = sum.group.hostPod { (meshCluster, pod) = (owner.meshCluster, owner.pod) }
    if meshCluster.isEmpty, let proxy = sum.group.proxy { meshCluster = proxy.meshCluster }
    groups.append(sum.group.index)
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
    groups.append(sum.group.index)
    requests += sum.attempts
  }
}
