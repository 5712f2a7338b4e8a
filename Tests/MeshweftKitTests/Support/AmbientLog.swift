import TestSupport

@testable import MeshweftKit

/// Logs of a mesh in ambient mode with what truly happened: ztunnels' connections, the requests that a waypoint, gateway or
/// sidecar saw on them, and which went over which.
///
/// Fields, their order and what addresses stand in them are those of istio/ztunnel and of Istio's waypoints: a ztunnel calls
/// from its app's IP but another port, all connections of one app to one pod share that port, both ends count the same bytes
/// crosswise, a waypoint names its caller's tunnel, not the app's connection.
struct AmbientLog {
  /// What is between the callers and the servers.
  enum Layout: String, CaseIterable, Sendable {
    case ztunnels, waypoint, sidecarToZtunnel, sidecarToWaypoint, ingressToWaypoint, ztunnelToSidecar
    case acrossNetworks, waypointAcrossNetworks

    /// Whether a waypoint sees the requests.
    var hasWaypoint: Bool {
      [.waypoint, .sidecarToWaypoint, .ingressToWaypoint, .waypointAcrossNetworks].contains(self)
    }
    /// Whether the callers have ztunnels.
    var callsFromZtunnel: Bool {
      [.ztunnels, .waypoint, .ztunnelToSidecar, .acrossNetworks, .waypointAcrossNetworks].contains(self)
    }
    var isRemote: Bool { self == .acrossNetworks || self == .waypointAcrossNetworks }
  }

  struct Mesh: Sendable, CustomStringConvertible {
    var layout: Layout
    var seed: UInt64 = 1
    var requests = 400
    /// Milliseconds between two requests of all callers, on average.
    var pause = 80.0
    var callers = 3
    var servers = 3
    var waypoints = 2
    /// Requests on one connection at most.
    var perConnection = 1
    var isIPv6 = false
    var isJSON = false
    /// All bodies are alike.
    var isUniform = false
    /// One ztunnel logs both sides.
    var isOneNode = false
    /// Connections that are open at the end have no line yet.
    var leavesOpen = false
    /// Milliseconds by which the clock of the servers' mesh cluster is ahead.
    var ahead = 0.0

    var description: String {
      "\(layout.rawValue) seed \(seed), \(perConnection) per connection"
        + (isIPv6 ? ", IPv6" : "") + (isJSON ? ", JSON" : "") + (isUniform ? ", uniform" : "")
        + (isOneNode ? ", one node" : "") + (leavesOpen ? ", some open" : "")
    }
  }

  /// A hop: its role, pod and start, as the export has them.
  struct Key: Hashable, Sendable {
    var role: String
    var pod: String
    var start: Int64
  }

  private struct Pod {
    var name: String
    var namespace: String
    var ip: String
    var cluster: String
  }

  /// A connection that is open: requests go over it one after the other.
  private struct Connection {
    var caller: Int
    var server: Int
    var start: Double
    var end: Double
    var port: Int
    var received = 0
    var sent = 0
    var used = 0
    var requests: [Key] = []

    mutating func add(received: Int, sent: Int) {
      self.received += received
      self.sent += sent
      used += 1
    }
  }

  static let service = "items.shop.svc.cluster.local"
  private let mesh: Mesh
  private var random: SplitMix64
  private var lines: [String: [(end: Double, text: String)]] = [:]
  /// What a hop truly belongs to, and went over.
  private(set) var parents: [Key: Key] = [:]
  private(set) var carriers: [Key: Set<Key>] = [:]
  private(set) var requestCount = 0
  private(set) var connectionCount = 0
  private var callers: [Pod] = []
  private var servers: [Pod] = []
  private var waypoints: [Pod] = []
  private var ingress: Pod
  private var tunnels: [String: Int] = [:]
  /// Starts that are taken, so that each hop has its own: of ztunnels all together, of Envoys by pod.
  private var usedStarts: Set<Int64> = []
  private var starts: Set<Key> = []

  init(_ mesh: Mesh) {
    self.mesh = mesh
    random = SplitMix64(seed: mesh.seed)
    let far = mesh.layout.isRemote ? "two" : "one"
    ingress = Pod(
      name: "shop-gateway-istio-7c9d8f6b5x-gx2z4", namespace: "edge", ip: Self.ip(9, 9, mesh), cluster: "one")
    let names = ["bcdfg", "hjklm", "npqrs", "tvwxz", "2b4c5", "6d7f8"]
    callers = (0..<mesh.callers).map {
      Pod(
        name: "web-6b5f9d7c8-\(names[$0])", namespace: "front", ip: Self.ip(1, 10 + $0, mesh), cluster: "one")
    }
    servers = (0..<mesh.servers).map {
      Pod(
        name: "items-5d8b9c7f6-\(names[$0])", namespace: "shop", ip: Self.ip(2, 20 + $0, mesh), cluster: far)
    }
    waypoints = (0..<mesh.waypoints).map {
      Pod(
        name: "shop-waypoint-66f5b8c7d4-\(names[$0])", namespace: "shop", ip: Self.ip(3, 30 + $0, mesh),
        cluster: far)
    }
    run()
  }

  private static func ip(_ net: Int, _ host: Int, _ mesh: Mesh) -> String {
    mesh.isIPv6 ? "[fd00:10:\(net)::\(String(host, radix: 16))]" : "10.\(net).0.\(host)"
  }

  private var vip: String { mesh.isIPv6 ? "[fd00:96::9]:80" : "10.96.0.9:80" }

  /// The address of a server, as reports have it.
  func host(_ number: Int) -> String {
    // Across networks the name of a service is asked for, and its port is the service's.
    let port = mesh.layout == .acrossNetworks ? 80 : 8080
    return "\(servers[number].ip):\(port)"
  }

  // MARK: what happens

  private mutating func run() {
    var near: [Connection] = []
    var far: [Connection] = []
    var time = 1_000.0
    for number in 0..<mesh.requests {
      time += mesh.pause * -logarithm(Double.random(in: 0.0001..<1, using: &random))
      let caller = Int.random(in: 0..<mesh.callers, using: &random)
      let work = 3 + 20 * Double.random(in: 0..<1, using: &random) * Double.random(in: 0..<2, using: &random)
      close(&near, before: time, isNear: true)
      close(&far, before: time, isNear: false)
      request(number, caller, at: time, work: work, &near, &far)
    }
    if mesh.leavesOpen { return }
    close(&near, before: .infinity, isNear: true)
    close(&far, before: .infinity, isNear: false)
  }

  private func logarithm(_ value: Double) -> Double {
    var (sum, term) = (0.0, (value - 1) / (value + 1))
    let square = term * term
    for power in stride(from: 1, to: 400, by: 2) {
      sum += term / Double(power)
      term *= square
    }
    return 2 * sum
  }

  private mutating func request(
    _ number: Int, _ caller: Int, at time: Double, work: Double, _ near: inout [Connection],
    _ far: inout [Connection]
  ) {
    requestCount += 1
    let body = mesh.isUniform ? 500 : 300 + number * 37 % 911
    let layout = mesh.layout
    var waypoint = layout.hasWaypoint ? Int.random(in: 0..<mesh.waypoints, using: &random) : -1
    var server = Int.random(in: 0..<mesh.servers, using: &random)
    let times = (call: time + 1, serve: time + 3 + mesh.ahead, work: work)
    // From the caller to its first proxy.
    var nearPlace = -1
    if layout.callsFromZtunnel {
      nearPlace = open(
        &near, caller, layout.hasWaypoint ? waypoint : server, at: time, until: time + work + 7)
      // A connection stays with its server.
      if layout.hasWaypoint { waypoint = near[nearPlace].server } else { server = near[nearPlace].server }
      near[nearPlace].add(received: 90, sent: body + 250)
      near[nearPlace].end = max(near[nearPlace].end, time + work + 7)
    }
    var callerKey: Key?
    if !layout.callsFromZtunnel {
      callerKey = logCaller(number, caller, server, at: times.call, lasting: work + 4, body)
    }
    var carried = callerKey
    let target = layout.hasWaypoint ? waypoints[waypoint] : nil
    if let target {
      let key = logWaypoint(
        number, target, caller, server, at: time + 2 + mesh.ahead, lasting: work + 2, body)
      if let callerKey { parents[key] = callerKey }
      if nearPlace >= 0 { near[nearPlace].requests.append(key) }
      carried = key
    }
    if layout == .ztunnelToSidecar {
      let key = logServer(number, caller, server, at: times.serve, lasting: work, body)
      near[nearPlace].requests.append(key)
      return
    }
    // From the last proxy to the server.
    guard let carried else { return }
    let pod = layout.hasWaypoint ? waypoint : caller
    let place = open(&far, pod, server, at: time + 2, until: time + work + 5, server: server)
    far[place].add(received: 120, sent: body + 180)
    far[place].end = max(far[place].end, time + work + 5)
    far[place].requests.append(carried)
  }

  /// The place of an idle connection of a caller, or of a new one.
  private mutating func open(
    _ all: inout [Connection], _ caller: Int, _ other: Int, at time: Double, until end: Double,
    server: Int? = nil
  ) -> Int {
    let idle = all.indices.last {
      all[$0].caller == caller && (server == nil || all[$0].server == server) && all[$0].end < time
        && all[$0].used < mesh.perConnection
    }
    if let idle { return idle }
    all.append(
      Connection(
        caller: caller, server: other, start: time - Double.random(in: 0..<1, using: &random), end: end,
        port: 30_000 + Int.random(in: 0..<30_000, using: &random)))
    return all.count - 1
  }

  /// Idle connections end some time after their last request.
  private mutating func close(_ all: inout [Connection], before time: Double, isNear: Bool) {
    var kept: [Connection] = []
    for connection in all {
      let linger = mesh.perConnection == 1 ? 0.5 : 2_000.0
      if connection.end + linger < time || connection.used >= mesh.perConnection && connection.end < time {
        log(connection, linger: mesh.perConnection == 1 ? 0.5 : 3, isNear: isNear)
      } else {
        kept.append(connection)
      }
    }
    all = kept
  }

  // MARK: lines

  private mutating func log(_ connection: Connection, linger: Double, isNear: Bool) {
    connectionCount += 1
    let end = connection.end + linger
    let layout = mesh.layout
    let isCallers = isNear || !layout.hasWaypoint
    let caller = isCallers ? callers[connection.caller] : waypoints[connection.caller]
    if isNear {
      let other = layout.hasWaypoint ? waypoints[connection.server] : servers[connection.server]
      let out = logTunnel(connection, caller, other, isOutbound: true, from: connection.start, to: end)
      for key in connection.requests { carriers[key, default: []].insert(out) }
      if !layout.hasWaypoint, layout != .ztunnelToSidecar {
        let inner = logTunnel(
          connection, caller, other, isOutbound: false, from: connection.start + 1.2 + mesh.ahead,
          to: end - 0.4 + mesh.ahead)
        parents[inner] = out
        connectionCount += 1
      }
    } else {
      let inner = logTunnel(
        connection, caller, servers[connection.server], isOutbound: false,
        from: connection.start + mesh.ahead,
        to: end + mesh.ahead)
      for key in connection.requests { carriers[key, default: []].insert(inner) }
    }
  }

  private mutating func logTunnel(
    _ connection: Connection, _ caller: Pod, _ other: Pod, isOutbound: Bool, from start: Double,
    to end: Double
  ) -> Key {
    let layout = mesh.layout
    let isRemote = layout.isRemote && caller.cluster != other.cluster
    let own = isOutbound ? caller : other
    var finish = Int64(end * 1000)
    let duration = max(0, Int64(end - start))
    while !usedStarts.insert(finish - duration * 1000).inserted { finish += 1 }
    let tunnelKey = "\(caller.name) \(other.name)"
    let port = tunnels[tunnelKey] ?? 20_000 + tunnels.count * 7
    tunnels[tunnelKey] = port
    let asked: String
    if layout.hasWaypoint && isOutbound {
      asked = isRemote ? "\(AmbientLog.service):80" : vip
    } else {
      asked = isRemote ? "\(AmbientLog.service):80" : "\(other.ip):8080"
    }
    let remote = isRemote && !isOutbound
    var fields: [(String, String)] = [
      ("src.addr", remote ? "10.7.0.7:\(port)" : "\(caller.ip):\(isOutbound ? connection.port : port)")
    ]
    if !remote { fields += [("src.workload", caller.name), ("src.namespace", caller.namespace)] }
    fields += [
      ("src.identity", "spiffe://cluster.local/ns/front/sa/web"),
      ("dst.addr", isRemote && isOutbound ? "203.0.113.10:15008" : "\(other.ip):15008"),
      ("dst.hbone_addr", asked), ("dst.service", AmbientLog.service),
    ]
    if !(isRemote && isOutbound) { fields.append(("dst.workload", other.name)) }
    fields += [
      ("dst.namespace", "shop"), ("dst.identity", "spiffe://cluster.local/ns/shop/sa/items"),
      ("direction", isOutbound ? "outbound" : "inbound"),
    ]
    let (sent, received) =
      isOutbound ? (connection.received, connection.sent) : (connection.sent, connection.received)
    let file =
      mesh.isOneNode
      ? "one.istio-system.ztunnel-x7k2p"
      : "\(own.cluster).istio-system.ztunnel-\(isOutbound ? "x7k2p" : "b9w4d")"
    let time = Self.stamp(finish, digits: 6)
    let text: String
    if mesh.isJSON {
      let members = fields.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",")
      text =
        "{\"level\":\"info\",\"time\":\"\(time)\",\"scope\":\"access\",\"message\":\"connection complete\",\(members),\"bytes_sent\":\(sent),\"bytes_recv\":\(received),\"duration\":\"\(duration)ms\"}"
    } else {
      let bare: Set = ["src.addr", "dst.addr", "dst.hbone_addr"]
      let pairs = fields.map { "\($0.0)=" + (bare.contains($0.0) ? $0.1 : "\"\($0.1)\"") }.joined(
        separator: " ")
      text =
        "\(time)\tinfo\taccess\tconnection complete\t\(pairs) bytes_sent=\(sent) bytes_recv=\(received) duration=\"\(duration)ms\""
    }
    lines[file, default: []].append((Double(finish), text))
    return Key(role: "ztunnel", pod: own.name, start: finish - duration * 1000)
  }

  private mutating func logCaller(
    _ number: Int, _ caller: Int, _ server: Int, at start: Double, lasting duration: Double, _ body: Int
  ) -> Key {
    let isIngress = mesh.layout == .ingressToWaypoint
    let pod = isIngress ? ingress : callers[caller]
    let host = mesh.layout.hasWaypoint ? vip : "\(servers[server].ip):8080"
    return envoy(
      pod, isIngress ? "gateway" : "client", number, at: start, lasting: duration, body,
      "envoy://connect_originate/\(host)", "outbound|80||\(AmbientLog.service)",
      "envoy://internal_client_address/",
      isIngress ? "\(pod.ip):8080" : vip,
      isIngress ? "198.51.100.4:5\(1000 + number)" : "\(pod.ip):4\(1000 + number)", "-")
  }

  private mutating func logWaypoint(
    _ number: Int, _ pod: Pod, _ caller: Int, _ server: Int, at start: Double, lasting duration: Double,
    _ body: Int
  ) -> Key {
    let from = mesh.layout == .ingressToWaypoint ? ingress : callers[caller]
    let remote = mesh.layout.isRemote ? "envoy://internal_client_address/" : "\(from.ip):53454"
    return envoy(
      pod, "gateway", number, at: start, lasting: duration, body,
      "envoy://connect_originate/\(servers[server].ip):8080", "inbound-vip|80|http|\(AmbientLog.service)",
      "envoy://internal_client_address/", vip, remote, "-")
  }

  private mutating func logServer(
    _ number: Int, _ caller: Int, _ server: Int, at start: Double, lasting duration: Double, _ body: Int
  ) -> Key {
    let pod = servers[server]
    return envoy(
      pod, "server", number, at: start, lasting: duration, body, "\(pod.ip):8080", "inbound|8080||",
      mesh.isIPv6 ? "[::6]:41000" : "127.0.0.6:41000", "\(pod.ip):8080", "\(callers[caller].ip):53455",
      "outbound_.80_._.\(AmbientLog.service)")
  }

  private mutating func envoy(
    _ pod: Pod, _ role: String, _ number: Int, at start: Double, lasting duration: Double, _ body: Int,
    _ host: String, _ cluster: String, _ local: String, _ downstreamLocal: String, _ remote: String,
    _ sni: String
  ) -> Key {
    var milliseconds = Int64(start)
    while !starts.insert(Key(role: role, pod: pod.name, start: milliseconds)).inserted { milliseconds += 1 }
    let time = Self.stamp(milliseconds * 1000, digits: 3)
    let text =
      "[\(time)] \"GET /things/\(number % 7) HTTP/1.1\" 200 - via_upstream - \"-\" 0 \(body) \(Int(duration)) \(Int(duration) - 1) \"-\" \"curl/8\" \"\(GatewayLog.id(number))\" \"items.shop:80\" \"\(host)\" \(cluster) \(local) \(downstreamLocal) \(remote) \(sni) default"
    lines["\(pod.cluster).\(pod.namespace).\(pod.name)", default: []].append((start + duration, text))
    return Key(role: role, pod: pod.name, start: milliseconds * 1000)
  }

  /// Microseconds after the beginning of a day.
  private static func stamp(_ time: Int64, digits: Int) -> String {
    func padded(_ value: Int64, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(value).count)) + String(value)
    }
    let second = time / 1_000_000
    let fraction = digits == 6 ? padded(time % 1_000_000, 6) : padded(time % 1_000_000 / 1000, 3)
    return
      "2026-05-06T\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2)).\(fraction)Z"
  }

  /// As files that kubectl's user would have saved.
  var files: [LogFile] {
    lines.sorted { $0.key < $1.key }.map { name, lines in
      LogFile(
        name: "\(name).istio-proxy.log",
        lines: lines.sorted { ($0.end, $0.text) < ($1.end, $1.text) }.map { Array($0.text.utf8) })
    }
  }
}
