import TestSupport

@testable import MeshweftKit

/// Access logs of a mesh that a test makes up: callers in `south`, hosts and SNI proxies in `north`. Times are seconds since
/// the beginning; the same seed gives the same lines.
final class SituationLog {
  struct Pod {
    var cluster: String
    var name: String
    var ip: String
    var namespace = "shop"

    var address: String { ip + ":8080" }
  }

  /// A TCP connection from a caller's sidecar to a host's, through a proxy or straight.
  final class Connection {
    let caller: Pod
    let host: Pod
    let proxy: Pod?
    let begin: Double
    let local: String
    let peer: String
    fileprivate(set) var last: Double
    fileprivate var sent = 0
    fileprivate var received = 0

    fileprivate init(
      _ caller: Pod, _ host: Pod, _ proxy: Pod?, _ begin: Double, _ local: String, _ peer: String
    ) {
      (self.caller, self.host, self.proxy, self.begin, self.local, self.peer) = (
        caller, host, proxy, begin, local, peer
      )
      last = begin
    }
  }

  static let service = "cart.shop.svc.cluster.local"
  static let border = "198.51.100.7:15443"

  var random = SplitMix64(seed: 7)
  private var lines: [String: [(end: Double, text: String)]] = [:]
  private var ports: [String: Int] = [:]
  private var ids = 0
  let callers: [Pod]
  let proxies: [Pod]
  let hosts: [Pod]

  init(callers: Int = 4, hosts: Int = 3, proxies: Int = 1, hostCluster: String = "north") {
    func name(_ base: String, _ index: Int) -> String {
      base + "-7c9d8f6b5x-" + "bcdfghjkl".prefix(index + 1).suffix(1) + "x2z4"
    }
    self.callers = (0..<callers).map {
      Pod(cluster: "south", name: name("web", $0), ip: "10.11.0.\(20 + $0)", namespace: "front")
    }
    self.hosts = (0..<hosts).map {
      Pod(cluster: hostCluster, name: name("cart", $0), ip: "10.12.1.\(30 + $0)")
    }
    self.proxies = (0..<proxies).map {
      Pod(
        cluster: "north", name: name("istio-eastwestgateway", $0), ip: "10.12.250.\(10 + $0)",
        namespace: "istio-system")
    }
  }

  func port(_ ip: String) -> Int {
    let next = ((ports[ip] ?? 31_000) + 2) % 60_000
    ports[ip] = next
    return next
  }

  func id() -> String {
    ids += 1
    let text = String(ids, radix: 16)
    return "7b1c0000-0000-4000-8000-" + String(repeating: "0", count: 12 - text.count) + text
  }

  /// Evenly, with a little chance: so many seconds apart on average.
  func times(every gap: Double, from: Double = 0, to: Double) -> [Double] {
    var times: [Double] = []
    var time = from + gap * Double.random(in: 0...1, using: &random)
    while time < to {
      times.append(time)
      time += gap * Double.random(in: 0.4...1.6, using: &random)
    }
    return times
  }

  func write(_ pod: Pod, _ start: Double, _ seconds: Double, _ fields: [String: String]) {
    var all = [
      "bytes_received": "0", "bytes_sent": "0", "response_code": "0", "response_flags": "-", "method": "-",
      "path": "-",
      "upstream_host": "-", "upstream_cluster": "-", "upstream_local_address": "-",
      "downstream_local_address": "-",
      "downstream_remote_address": "-", "requested_server_name": "-",
      "upstream_transport_failure_reason": "-",
      "protocol": "-", "request_id": "-", "authority": "-", "user_agent": "-",
    ]
    all.merge(fields) { $1 }
    all["duration"] = String(Int(seconds * 1000))
    all["start_time"] = Instant.text(1_777_800_000_000_000 + Int64(start * 1000) * 1000, digits: 3)
    let text = all.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
    let file = "\(pod.cluster).\(pod.namespace).\(pod.name).istio-proxy.log"
    lines[file, default: []].append((start + seconds, "{\(text)}"))
  }

  func connect(_ caller: Pod, _ host: Pod, _ begin: Double, through proxy: Pod? = nil) -> Connection {
    let local = "\(caller.ip):\(port(caller.ip))"
    let peer = proxy.map { "\($0.ip):\(port($0.ip))" } ?? local
    return Connection(caller, host, proxy, begin, local, peer)
  }

  static var serverName: String { "outbound_.8000_._.\(service)" }

  struct Request {
    var path = "/items"
    var code = 200
    var flags = "-"
    var serverCode: Int?
    var serverFlags = "-"
    var size = 400
    /// The caller's time; the work and the way unless given.
    var seconds: Double?
    var served = true
    var called = true
    var id: String?
    /// Fields of both lines beside the usual ones.
    var more: [String: String] = [:]
  }

  func request(_ connection: Connection, _ time: Double, work: Double = 0.01, _ request: Request = Request())
  {
    let way = connection.proxy == nil ? 0.001 : 0.003
    connection.sent += request.size + 210
    connection.received += 280
    connection.last = max(connection.last, time + work)
    let common = [
      "authority": "cart:8000", "method": "GET", "path": request.path, "request_id": request.id ?? id(),
      "bytes_sent": String(request.size), "user_agent": "Go-http-client/2.0",
    ].merging(request.more) { $1 }
    let host = connection.host
    if request.served {
      write(
        host, time + way, work,
        common.merging([
          "protocol": "HTTP/2", "response_code": String(request.serverCode ?? request.code),
          "response_flags": request.serverFlags, "downstream_local_address": host.address,
          "downstream_remote_address": connection.peer, "requested_server_name": SituationLog.serverName,
          "upstream_cluster": "inbound|8080||", "upstream_host": host.address,
          "upstream_local_address": "127.0.0.6:\(port("loop"))",
        ]) { $1 })
    }
    guard request.called else { return }
    write(
      connection.caller, time, request.seconds ?? work + 2 * way,
      common.merging([
        "protocol": "HTTP/1.1", "response_code": String(request.code), "response_flags": request.flags,
        "upstream_host": connection.proxy == nil ? host.address : SituationLog.border,
        "upstream_cluster": "outbound|8000||\(SituationLog.service)",
        "upstream_local_address": connection.local,
        "downstream_local_address": "172.16.9.9:8000",
        "downstream_remote_address": "\(connection.caller.ip):\(port("app" + connection.caller.ip))",
      ]) { $1 })
  }

  func close(_ connection: Connection, at time: Double) {
    guard let proxy = connection.proxy else { return }
    write(
      proxy, connection.begin, time - connection.begin,
      [
        "bytes_received": String(connection.received + 1700), "bytes_sent": String(connection.sent + 2400),
        "downstream_local_address": "\(proxy.ip):15443",
        "downstream_remote_address": "10.64.0.1:\(port("nat"))",
        "requested_server_name": SituationLog.serverName, "upstream_cluster": SituationLog.serverName,
        "upstream_host": connection.host.address, "upstream_local_address": connection.peer,
      ])
  }

  /// A caller's line of a request for which no connection came about.
  func fail(
    _ caller: Pod, _ time: Double, _ seconds: Double, flags: String, code: Int = 503,
    service: String = SituationLog.service,
    cluster: String? = nil, upstream: String = "-", reason: String = "-"
  ) {
    write(
      caller, time, seconds,
      [
        "authority": "\(service.split(separator: ".")[0]):8000", "method": "GET", "path": "/items",
        "protocol": "HTTP/1.1",
        "request_id": id(), "response_code": String(code), "response_flags": flags, "upstream_host": upstream,
        "upstream_cluster": cluster ?? "outbound|8000||\(service)",
        "downstream_local_address": "172.16.9.9:8000",
        "downstream_remote_address": "\(caller.ip):\(port("app" + caller.ip))",
        "upstream_transport_failure_reason": reason,
      ])
  }

  /// A proxy's line of a connection that it could not pass on.
  func refuse(_ time: Double, serverName: String, flags: String, cluster: String = "-") {
    write(
      proxies[0], time, 0.001,
      [
        "response_flags": flags, "requested_server_name": serverName, "upstream_cluster": cluster,
        "downstream_local_address": "\(proxies[0].ip):15443",
        "downstream_remote_address": "10.64.0.1:\(port("nat"))",
      ])
  }

  /// The logs, each by the ends of its lines.
  var files: [LogFile] {
    lines.sorted { $0.key < $1.key }.map { name, lines in
      LogFile(
        name: name,
        lines: lines.enumerated().sorted { ($0.element.end, $0.offset) < ($1.element.end, $1.offset) }
          .map { Array($0.element.text.utf8) })
    }
  }
}
