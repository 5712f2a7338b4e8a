import Foundation
import TestSupport
import Testing

@testable import MeshweftKit

/// Gateways and waypoints are hops like others: what they were called by and what they call is linked, and each request is
/// counted once.
@Suite struct `Gateways on the way of a request` {
  private static let caller = "one.front.web-6b5f9d7c8-bcdfg"
  private static let edge = "one.mesh.outbound-edge-7c9d8f6b5x-bx2z4"
  private static let border = "two.mesh.border-7c9d8f6b5x-cx2z4"
  private static let server = "two.shop.items-6b5f9d7c8-dfghj"
  private static let items = "items.shop.svc.cluster.local"
  private static let sni = "outbound_.80_._.items.shop.svc.cluster.local"

  /// A caller, an egress gateway in its mesh cluster, behind a NAT an L7 gateway in the server's, and the server.
  /// `changesIDs`: the second gateway gives each request another id.
  private static func chain(changesIDs: Bool = false) -> GatewayLog {
    var log = GatewayLog()
    for number in 0..<60 {
      let (start, work) = (number * 1000 + number * number % 97, 20 + number * 7 % 31)
      let id = GatewayLog.id(number)
      let later = changesIDs ? GatewayLog.id(1000 + number) : id
      log.request(
        caller, at: start, lasting: work + 14, id: id,
        [
          "downstream_local_address": "172.20.0.9:80",
          "downstream_remote_address": "10.1.0.5:\(40_000 + number)",
          "upstream_cluster": "outbound|80||edge.mesh.svc.cluster.local", "upstream_host": "10.1.0.9:8080",
          "upstream_local_address": "10.1.0.5:33000",
        ])
      log.request(
        edge, at: start + 2, lasting: work + 11, id: id,
        [
          "downstream_local_address": "10.1.0.9:8080", "downstream_remote_address": "10.1.0.5:33000",
          "requested_server_name": "outbound_.80_._.edge.mesh.svc.cluster.local",
          "upstream_cluster": "outbound|80||\(items)", "upstream_host": "203.0.113.7:15443",
          "upstream_local_address": "10.1.0.9:34000",
        ])
      log.request(
        border, at: start + 6, lasting: work + 3, id: id,
        [
          "downstream_local_address": "10.2.0.8:15443",
          "downstream_remote_address": "192.0.2.3:5\(1000 + number)",
          "requested_server_name": sni, "upstream_cluster": "outbound|80||\(items)",
          "upstream_host": "10.2.1.4:8080", "upstream_local_address": "10.2.0.8:35000",
        ])
      log.request(
        server, at: start + 7, lasting: work, id: later,
        [
          "downstream_local_address": "10.2.1.4:8080", "downstream_remote_address": "10.2.0.8:35000",
          "requested_server_name": sni, "upstream_cluster": "inbound|8080||",
          "upstream_host": "10.2.1.4:8080",
          "upstream_local_address": "127.0.0.6:45000",
        ])
    }
    return log
  }

  @Test(arguments: [false, true])
  func `two in a row are on one path, and its requests are counted once`(_ changesIDs: Bool) throws {
    let mesh = try Self.chain(changesIDs: changesIDs).mesh()
    let paths = try PathsReport(database: mesh.database).summary().paths
    #expect(paths.count == 1)
    let path = try #require(paths.first)
    #expect(path.requests == 60 && path.failures == 0)
    #expect(path.way.from?.workload == "web" && path.way.to?.workload == "items")
    #expect(path.way.via.map(\.description) == ["outbound-edge@one", "border@two"])
    #expect(path.way.service == "\(Self.items):80")
    let services = try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).read().services
    #expect(services.map { $0.spread.requests.total } == [60])
  }

  @Test func `one that nobody's line calls is where a path begins`() throws {
    var log = GatewayLog()
    let all = Self.chain().lines
    for pod in [Self.border, Self.server] {
      for line in all[pod] ?? [] { log.append(line, to: pod) }
    }
    let mesh = try log.mesh()
    let path = try #require(try PathsReport(database: mesh.database).summary().paths.first)
    #expect(path.requests == 60)
    #expect(path.way.from?.workload == "border" && path.way.via.isEmpty && path.way.to?.workload == "items")
  }

  @Test func `a waypoint's requests count for the hosts that it calls`() throws {
    var log = GatewayLog()
    for number in 0..<60 {
      log.request(
        "two.shop.items-waypoint-7c9d8f6b5x-bx2z4", at: number * 1000, lasting: 20, id: GatewayLog.id(number),
        [
          "downstream_local_address": "172.21.0.9:80",
          "downstream_remote_address": "envoy://internal_client_address/",
          "upstream_cluster": "inbound-vip|80|http|\(Self.items)",
          "upstream_host": "envoy://connect_originate/10.2.1.\(4 + number % 2):8080",
          "upstream_local_address": "envoy://internal_client_address/",
        ])
    }
    let mesh = try log.mesh()
    let service = try #require(
      try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).read().services.first)
    #expect(service.spread.service == "\(Self.items):80")
    #expect(service.spread.hosts.mapValues(\.requests) == ["10.2.1.4:8080": 30, "10.2.1.5:8080": 30])
    let path = try #require(try PathsReport(database: mesh.database).summary().paths.first)
    #expect(path.way.from == nil && path.way.via.map(\.workload) == ["items-waypoint"])
    let found = try FindingsReport(database: mesh.database, options: FindingsOptions()).read().findings
    #expect(!found.contains { $0.kind == .logMissing })
  }

  @Test func `a waypoint's failures are findings, as it alone sees them`() throws {
    var log = GatewayLog()
    for number in 0..<80 {
      let fails = number % 4 == 0
      log.request(
        "two.shop.items-waypoint-7c9d8f6b5x-bx2z4", at: number * 1000, lasting: 20, id: GatewayLog.id(number),
        [
          "response_code": fails ? "503" : "200", "response_flags": fails ? "UH" : "-",
          "downstream_local_address": "172.21.0.9:80", "downstream_remote_address": "10.1.0.5:33000",
          "upstream_cluster": "inbound-vip|80|http|\(Self.items)",
          "upstream_host": fails ? "-" : "envoy://connect_originate/10.2.1.4:8080",
        ])
    }
    let mesh = try log.mesh()
    let found = try FindingsReport(database: mesh.database, options: FindingsOptions()).read().findings
    let finding = try #require(found.first { $0.kind == .noHealthyUpstream })
    #expect(finding.subject.service == "\(Self.items):80")
    #expect(finding.numbers.contains { $0.name == "requests" && $0.value == 20 })
  }

  @Test func `what a gateway failed to do is not told of the app`() throws {
    var log = GatewayLog()
    for number in 0..<40 {
      let fails = number % 2 == 0
      let failed = ["response_code": "503", "upstream_transport_failure_reason": "Connection refused"]
      log.request(
        Self.caller, at: number * 1000, lasting: 14, id: GatewayLog.id(number),
        [
          "response_code": fails ? "503" : "200", "response_code_details": "via_upstream",
          "downstream_local_address": "172.20.0.9:80",
          "downstream_remote_address": "10.1.0.5:\(40_000 + number)",
          "upstream_cluster": "outbound|80||\(Self.items)", "upstream_host": "10.1.0.9:8080",
          "upstream_local_address": "10.1.0.5:33000",
        ])
      log.request(
        Self.edge, at: number * 1000 + 2, lasting: 11, id: GatewayLog.id(number),
        [
          "response_flags": fails ? "URX,UF" : "-", "downstream_local_address": "10.1.0.9:8080",
          "downstream_remote_address": "10.1.0.5:33000", "upstream_cluster": "outbound|80||\(Self.items)",
          "upstream_host": "10.2.1.4:8080", "upstream_local_address": fails ? "-" : "10.1.0.9:34000",
        ].merging(fails ? failed : [:]) { $1 })
    }
    let mesh = try log.mesh()
    let kinds = Set(
      try FindingsReport(database: mesh.database, options: FindingsOptions()).read().findings.map(\.kind))
    #expect(kinds.contains(.connectionRefused) && !kinds.contains(.serverErrors), "\(kinds)")
  }

  @Test func `clocks that are apart do not part the two ends of a connection`() throws {
    // The border is called by the edge without a NAT, gives other ids, and is 600 ms ahead.
    var ahead = GatewayLog()
    for number in 0..<60 {
      let (start, work) = (number * 1000 + number * number % 97, 20 + number * 7 % 31)
      ahead.request(
        Self.edge, at: start + 2, lasting: work + 11, id: GatewayLog.id(number),
        [
          "downstream_local_address": "10.1.0.9:8080", "downstream_remote_address": "10.1.0.5:33000",
          "upstream_cluster": "outbound|80||\(Self.items)", "upstream_host": "10.2.0.8:8443",
          "upstream_local_address": "10.1.0.9:34000",
        ])
      ahead.request(
        Self.border, at: start + 606, lasting: work + 3, id: GatewayLog.id(1000 + number),
        [
          "downstream_local_address": "10.2.0.8:8443", "downstream_remote_address": "10.1.0.9:34000",
          "requested_server_name": Self.sni, "upstream_cluster": "outbound|80||\(Self.items)",
          "upstream_host": "10.2.1.4:8080", "upstream_local_address": "10.2.0.8:35000",
        ])
    }
    let mesh = try ahead.mesh()
    let paths = try PathsReport(database: mesh.database).summary().paths
    #expect(paths.map(\.requests) == [60], "\(paths.map(\.way))")
  }

  /// A pod of a neutral name: its failed lines name no address of its own, and are a gateway's by its good ones. A caller's
  /// line without a route names no cluster, and is a client's.
  private static func failing() -> GatewayLog {
    var log = GatewayLog()
    let pod = "one.mesh.door-7c9d8f6b5x-bx2z4"
    log.request(
      pod, at: 500, lasting: 9, id: GatewayLog.id(1),
      [
        "downstream_local_address": "10.1.0.9:8080", "downstream_remote_address": "10.1.0.77:41000",
        "upstream_cluster": "outbound|80||\(items)", "upstream_host": "10.2.1.4:8080",
        "upstream_local_address": "10.1.0.9:34000",
      ])
    for number in 0..<4 {
      log.request(
        pod, at: 1000 + number, lasting: 1, id: GatewayLog.id(10 + number),
        [
          "response_code": "503", "response_flags": "UF", "downstream_local_address": "10.1.0.9:8080",
          "downstream_remote_address": "10.1.0.77:4200\(number)", "upstream_cluster": "outbound|80||\(items)",
          "upstream_host": "10.2.1.4:8080",
        ])
      log.request(
        caller, at: 2000 + number, lasting: 1, id: GatewayLog.id(20 + number),
        [
          "response_code": "404", "response_flags": "NR", "downstream_local_address": "172.20.0.9:80",
          "downstream_remote_address": "10.1.0.5:4300\(number)",
        ])
    }
    log.request(
      caller, at: 3000, lasting: 9, id: GatewayLog.id(30),
      [
        "downstream_local_address": "172.20.0.9:80", "downstream_remote_address": "10.1.0.5:44000",
        "upstream_cluster": "outbound|80||\(items)", "upstream_host": "10.2.1.4:8080",
        "upstream_local_address": "10.1.0.5:33000",
      ])
    return log
  }

  @Test(arguments: [false, true])
  func `what a line does not say its log does, in any order`(_ isReversed: Bool) throws {
    let files = Self.failing().files(reversed: isReversed)
    let mesh = try ScratchMesh()
    // One line at a time, each linked before the next comes.
    for file in files {
      for line in file.lines { try mesh.feed([LogFile(name: file.name, lines: [line])], IngestOptions()) }
    }
    let hops = String(decoding: try mesh.listing(.ndjson), as: UTF8.self).split(separator: "\n")
    #expect(hops.count == 10)
    for hop in hops {
      let role = hop.contains("door-") ? "gateway" : "client"
      #expect(hop.contains("\"role\":\"\(role)\""), "\(hop)")
    }
    let failures = try PathsReport(database: mesh.database).summary().paths.reduce(0) { $0 + $1.failures }
    #expect(failures == 8)
    let once = try ScratchMesh()
    try once.feed(files, IngestOptions())
    #expect(try Self.links(mesh) == Self.links(once))
  }

  /// All that is said of each hop but which line of a file it was.
  private static func links(_ mesh: ScratchMesh) throws -> String {
    String(decoding: try mesh.export(), as: UTF8.self).replacing(#/"line":\d+/#, with: "")
  }
}
