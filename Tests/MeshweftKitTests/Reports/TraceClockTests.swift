import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

@Suite struct `Clocks that are apart` {
  /// The answers to a request lie within it, on its own clock: where they do not, a trace takes as long as its first
  /// request and what its clocks are apart.
  @Test(.needsLargeSets, arguments: ["nat-noid-skew", "nat-noid"])
  func `do not make traces longer`(name: String) throws {
    let place = try #require(LogSetPlace.large.first { $0.name == name })
    let mesh = try ScratchMesh()
    try mesh.feed(try place.loadForTest(atMost: 8000).files, IngestOptions())
    var (traces, longer) = (0, 0)
    try mesh.read { reader in
      let clocks = try TraceClocks(reader)
      try reader.forEachTrace { trace in
        guard let root = trace.hops.first(where: { $0.id == trace.root }), root.role == "client",
          trace.links.values.contains(where: { $0.parent != nil })
        else { return }
        traces += 1
        let times = TraceTimes(trace, clocks)
        if times.duration > (root.durationMicroseconds ?? 0) + 20_000 { longer += 1 }
      }
    }
    #expect(traces > 500)
    #expect(longer * 100 < traces, "\(longer) of \(traces)")
  }

  @Test func `are compared by way of others, and only where that is known`() throws {
    let mesh = try ScratchMesh()
    try mesh.feed(try LogSetPlace.samples.loadForTest(atMost: 200).files, IngestOptions())
    let estimates: [(String, String, Double, Double)] = [
      ("a", "b", 5_000_000, 100), ("c", "b", 1_000_000, 100), ("c", "d", 900, 100),
      ("d", "e", 50_000, 90_000),
    ]
    let writer = try StoreWriter(path: mesh.database)
    try writer.replaceClocks(
      startingIn: 0...0,
      estimates.map { from, to, offset, uncertainty in
        StoredClock(
          clientMeshCluster: from, serverMeshCluster: to, reference: 0, offset: offset, drift: 0,
          uncertainty: uncertainty, requests: 10)
      })
    try writer.close()
    let clocks = try mesh.read { try TraceClocks($0) }
    #expect(clocks.offset(of: "b", from: "a", at: 0) == 5_000_000)
    #expect(clocks.offset(of: "a", from: "b", at: 0) == -5_000_000)
    #expect(clocks.offset(of: "c", from: "a", at: 0) == 4_000_000)
    // Less than the way of a request, and less than the uncertainty.
    #expect(clocks.offset(of: "d", from: "a", at: 0) == 4_000_000)
    #expect(clocks.offset(of: "e", from: "a", at: 0) == 4_000_000)
    #expect(clocks.offset(of: "nowhere", from: "a", at: 0) == 0)
    #expect(clocks.offset(of: "a", from: "a", at: 0) == 0)
  }
}

@Suite struct `An id that thousands of requests bear` {
  @Test func `is shown by its first ones, and in full to programs`() throws {
    let mesh = try ScratchMesh()
    let id = "00000000-0000-4000-8000-00000000abcd"
    let lines = (0..<2000).map { number in
      #"{"start_time":"2026-11-23T02:15:\#(10 + number / 100).\#(100 + number % 100 * 9)Z","method":"GET","path":"/\#(number)","#
        + #""response_code":200,"duration":5,"request_id":"\#(id)","upstream_cluster":"outbound|80||shop.default","#
        + #""upstream_host":"10.0.0.1:80","upstream_local_address":"10.0.0.2:\#(20000 + number)"}"#
    }
    try mesh.feed(
      [
        LogFile(
          name: "ack1.default.web-6d4f8c7b9d-b2b2b.istio-proxy.log", lines: lines.map { Array($0.utf8) })
      ],
      IngestOptions())
    var (shown, hops) = (0, 0)
    let found = try TraceLookup(database: mesh.database).forEach(id, limit: 20) { trace in
      shown += 1
      let lines = TraceText(trace, explains: true).text.split(separator: "\n").count
      #expect(lines < 2000)
    }
    _ = try TraceLookup(database: mesh.database).forEach(id) { trace in hops += trace.trace.hops.count }
    #expect(shown == min(20, found))
    #expect(hops == 2000)
  }
}
