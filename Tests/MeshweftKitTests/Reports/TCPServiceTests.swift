import Foundation
import TestSupport
import Testing

@testable import MeshweftKit

/// Plain TCP through the mesh: one line per connection at each end and at the proxy between, and no request anywhere.
@Suite struct `TCP services` {
  private static let service = "cache.shop.svc.cluster.local"
  private static let sni = "outbound_.6379_._.cache.shop.svc.cluster.local"
  private static let proxy = "two.mesh.istio-cross-network-7c9d8f6b5x-bx2z4"
  private static let connections = 90

  private static func caller(_ number: Int) -> String { "one.front.web\(number % 3)-6b5f9d7c8-bcdfg" }
  private static func host(_ number: Int) -> String { "two.shop.cache\(number % 3)-6b5f9d7c8-dfghj" }

  /// Three callers and three hosts. Behind the NAT only bytes and times tell which connection is which. `same`: half of the
  /// connections carry the same bytes. The first host's carry a hundred times as much where `isHeavy`.
  private static func log(same: Bool = false, isHeavy: Bool = false, failures: Int = 0) -> GatewayLog {
    var log = GatewayLog()
    for number in 0..<connections {
      let (start, duration) = (number * 700 + number * number % 613, 200 + number * 131 % 1700)
      let isSame = same && number % 2 == 0
      let weight = isHeavy && number % 3 == 0 ? 100 : 1
      let received = isSame ? 120 : (300 + number * 37) * weight
      let sent = isSame ? 380 : (1000 + number * 113) * weight
      let (ip, peer) = ("10.2.1.\(4 + number % 3)", "10.2.0.8:\(35_000 + number)")
      log.add(
        caller(number), at: start, lasting: duration + 9,
        [
          "bytes_received": "\(received)", "bytes_sent": "\(sent)",
          "downstream_local_address": "172.20.0.9:6379",
          "downstream_remote_address": "10.1.0.\(5 + number % 3):\(40_000 + number)",
          "upstream_cluster": "outbound|6379||\(service)", "upstream_host": "203.0.113.7:15443",
          "upstream_local_address": "10.1.0.\(5 + number % 3):\(33_000 + number)",
        ])
      log.add(
        proxy, at: start + 3, lasting: duration + 3,
        [
          "bytes_received": "\(received + 3600)", "bytes_sent": "\(sent + 5200)",
          "downstream_local_address": "10.2.0.8:15443",
          "downstream_remote_address": "192.0.2.3:\(50_000 + number)", "upstream_cluster": sni,
          "requested_server_name": sni, "upstream_host": "\(ip):6379", "upstream_local_address": peer,
        ])
      log.add(
        host(number), at: start + 5 + number % 2, lasting: duration,
        [
          "bytes_received": "\(received)", "bytes_sent": "\(sent)", "downstream_local_address": "\(ip):6379",
          "downstream_remote_address": peer, "upstream_cluster": "inbound|6379||",
          "requested_server_name": sni, "upstream_host": "\(ip):6379",
          "upstream_local_address": "127.0.0.6:\(45_000 + number)",
        ])
    }
    for number in 0..<failures {
      log.add(
        caller(number), at: 100 + number * 900, lasting: 3000,
        [
          "response_flags": "UF", "downstream_local_address": "172.20.0.9:6379",
          "downstream_remote_address": "10.1.0.\(5 + number % 3):\(60_000 + number)",
          "upstream_cluster": "outbound|6379||\(service)", "upstream_host": "203.0.113.7:15443",
        ])
    }
    return log
  }

  @Test(arguments: [false, true])
  func `have connections on their paths, joined through a NAT, and no failures`(_ same: Bool) throws {
    let mesh = try Self.log(same: same).mesh()
    let paths = try PathsReport(database: mesh.database).summary().paths
    #expect(paths.allSatisfy { $0.way.isTCP && $0.requests == 0 && $0.failures == 0 })
    #expect(paths.reduce(0) { $0 + $1.connections } == Int64(Self.connections))
    // Caller and host have the same number: each of the three pairs has its path, and no other has one.
    #expect(paths.count == 3)
    for path in paths {
      #expect(path.way.from?.workload.last == path.way.to?.workload.last)
      #expect(path.way.via.map(\.workload) == ["istio-cross-network"])
      #expect(path.connections == Int64(Self.connections) / 3)
    }
  }

  @Test func `fail where a flag says so`() throws {
    let mesh = try Self.log(failures: 7).mesh()
    let paths = try PathsReport(database: mesh.database).summary().paths
    #expect(paths.reduce(0) { $0 + $1.failures } == 7)
    #expect(paths.reduce(into: [:]) { $0.merge($1.byFlag, uniquingKeysWith: +) } == ["UF": 7])
  }

  @Test func `are as uneven as what their connections carry`() throws {
    let mesh = try Self.log(isHeavy: true).mesh()
    let found = try FindingsReport(database: mesh.database, options: FindingsOptions()).read().findings
    #expect(found.filter { $0.kind == .unevenWork }.map(\.subject.host) == ["10.2.1.4:6379"])
    #expect(!found.contains { [.fieldMissing, .serverErrors, .logMissing].contains($0.kind) })
    let even = try Self.log().mesh()
    let none = try FindingsReport(database: even.database, options: FindingsOptions()).read().findings
    #expect(none.map(\.kind) == [])
  }

  @Test func `show connections and bytes in load and imbalance, not requests`() throws {
    let mesh = try Self.log().mesh()
    var options = LoadOptions()
    options.grouping = .service
    options.bucket = try BucketWidth("5m")
    let load = try LoadReport(database: mesh.database, options: options).read()
    let text = String(decoding: load.rendered(as: .ndjson), as: UTF8.self)
    #expect(
      text.contains("\"requests\":0,") && text.contains("\"connections\":\(Self.connections),"), "\(text)")
    let service = try #require(
      try ImbalanceReport(database: mesh.database, options: ImbalanceOptions()).read().services.first)
    #expect(
      service.spread.isTCP
        && service.spread.hosts.values.allSatisfy { $0.connections == Self.connections / 3 })
    let doctor = try Doctor(database: mesh.database).text()
    #expect(!doctor.contains("No line has request_id"), "\(doctor)")
  }
}
