import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// A chain of calls, ten seconds from each to the next, where time is cut into pieces of two seconds: every hop of the
/// trace is linked in another piece, and all of them must name the same first one.
@Suite struct `A trace over many pieces of time` {
  private static let pods = ["a", "b", "c", "d"]

  /// The lines of one pod of the chain: what it answered, and what it called meanwhile. `ahead`: seconds of its clock.
  private static func log(of pod: Int, ahead: Int = 0) -> LogFile {
    var lines: [[UInt8]] = []
    let time = 10 + pod * 10 + ahead
    if pod > 0 {
      lines.append(
        line(second: time - 10, millisecond: 2, seconds: 50 - 10 * pod) {
          $0["upstream_cluster"] = "inbound|80||"
          $0["requested_server_name"] = "outbound_.80_._.\(pods[pod]).default.svc.cluster.local"
          $0["upstream_host"] = "10.1.0.\(pod):80"
          $0["downstream_local_address"] = "10.1.0.\(pod):80"
          $0["downstream_remote_address"] = "10.1.0.\(pod - 1):4000\(pod)"
        })
    }
    if pod < pods.count - 1 {
      lines.append(
        line(second: time, millisecond: 1, seconds: 45 - 10 * pod) {
          $0["upstream_cluster"] = "outbound|80||\(pods[pod + 1]).default.svc.cluster.local"
          $0["upstream_host"] = "10.1.0.\(pod + 1):80"
          $0["upstream_local_address"] = "10.1.0.\(pod):4000\(pod + 1)"
        })
    }
    return LogFile(name: "cluster-\(pods[pod]).default.\(pods[pod])-1.istio-proxy.log", lines: lines)
  }

  private static func line(
    second: Int, millisecond: Int, seconds: Int, _ change: (inout [String: String]) -> Void
  ) -> [UInt8] {
    var members = [
      "start_time": "2026-11-23T02:15:\(second < 10 ? "0" : "")\(second).00\(millisecond)Z", "method": "GET",
      "path": "/", "response_code": "200", "duration": "\(seconds * 1000)",
      "request_id": "0c3f1d52-5f5c-4c6b-9d0a-2f4f1f6f9a01",
    ]
    change(&members)
    let body = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }
    return Array("{\(body.joined(separator: ","))}".utf8)
  }

  private static func correlate(_ mesh: ScratchMesh) throws {
    var correlate = Correlate(database: mesh.database)
    correlate.unitHops = 1
    try correlate.run()
  }

  /// How many hops each trace has.
  private static func sizes(_ mesh: ScratchMesh) throws -> [Int] {
    #expect(try mesh.read { try $0.correlatedUnits() }.count >= 3)
    return try JSONValue.lines(mesh.export()).map { $0["hops"]?.array?.count ?? 0 }
  }

  @Test func `is one`() throws {
    let mesh = try ScratchMesh()
    try mesh.feed(Self.pods.indices.map { Self.log(of: $0) })
    try Self.correlate(mesh)
    #expect(try Self.sizes(mesh) == [6])
  }

  /// Each log that comes later is the beginning of what is there already, whose last hops are out of its reach.
  @Test func `is one where its logs come from its end to its beginning`() throws {
    let mesh = try ScratchMesh()
    for pod in Self.pods.indices.reversed() {
      try mesh.feed([Self.log(of: pod)])
      try Self.correlate(mesh)
    }
    #expect(try Self.sizes(mesh) == [6])
  }

  /// What follows is in an earlier piece than what it follows from.
  @Test(arguments: [-7, 7])
  func `is one where the clocks of its clusters are apart`(seconds: Int) throws {
    let mesh = try ScratchMesh()
    try mesh.feed(Self.pods.indices.map { Self.log(of: $0, ahead: $0.isMultiple(of: 2) ? 0 : seconds) })
    try Self.correlate(mesh)
    #expect(try Self.sizes(mesh) == [6])
    #expect(try StoreCheck(database: mesh.database).problems() == [])
  }
}
