import TestSupport

@testable import MeshweftKit

/// Logs of a mesh in ambient mode with what truly happened: ztunnels' connections, the requests that a waypoint, gateway or
/// sidecar saw on them, and which went over which.
///
/// Fields, their order and what addresses stand in them are those of istio/ztunnel and of Istio's waypoints: a ztunnel calls
/// from its app's IP but another port, all connections of one app to one pod share that port, both ends count the same bytes
/// crosswise, a waypoint names its caller's tunnel, not the app's connection.
struct AmbientLog {
  /// A hop: its role, pod and start, as the export has them.
  struct Key: Hashable, Sendable {
    var role: String
    var pod: String
    var start: Int64
  }

  struct Pod {
    var name: String
    var namespace: String
    var ip: String
    var cluster: String
  }

  /// A connection that is open: requests go over it one after the other.
  struct Connection {
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
  let mesh: Mesh
  private var random: SplitMix64
  var lines: [String: [(end: Double, text: String)]] = [:]
  /// What a hop truly belongs to, and went over.
  var parents: [Key: Key] = [:]
  var carriers: [Key: Set<Key>] = [:]
  var requestCount = 0
  var connectionCount = 0
  var callers: [Pod] = []
  var servers: [Pod] = []
  var waypoints: [Pod] = []
  var ingress: Pod
  var tunnels: [String: Int] = [:]
  /// Starts that are taken, so that each hop has its own: of ztunnels all together, of Envoys by pod.
  var usedStarts: Set<Int64> = []
  var starts: Set<Key> = []

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

  var vip: String { mesh.isIPv6 ? "[fd00:96::9]:80" : "10.96.0.9:80" }

  /// The address of a server, as reports have it.
  func host(_ number: Int) -> String {
    // Across networks the name of a service is asked for, and its port is the service's.
    let port = mesh.layout == .acrossNetworks ? 80 : 8080
    return "\(servers[number].ip):\(port)"
  }

  private mutating func run() {
    var near: [Connection] = []
    var far: [Connection] = []
    var time = 1_000.0
    for number in 0..<mesh.requests {
      // A line is known by its millisecond: were it logged later than it was, its connection would be over before it.
      time += max(1, mesh.pause * -logarithm(Double.random(in: 0.0001..<1, using: &random)))
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
}
