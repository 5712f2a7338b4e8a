import AccessLog
import Correlation
import Foundation
import Queries
import TestSupport
import Testing
import TraceStore

@Suite struct ReportQueryTests {
  @Test(arguments: Query.all)
  func `a statement runs without any parameter and says what its rows are`(query: Query) throws {
    let store = try ScratchStore()
    try store.store(IdentityTests.log())
    try store.read { reader in try reader.run(query) { _ in } }
    #expect(query.sql.hasPrefix("-- ") && query.sql.contains("-- Grain: "))
  }

  @Test func `a statement is for people where its file is in their folder`() throws {
    func names(_ folder: String) throws -> Set<String> {
      let files = try FileManager.default.contentsOfDirectory(
        atPath: Checkout.root + "/Queries/sql/" + folder)
      return Set(files.map { String($0.dropLast(4)) })
    }
    #expect(try names("people") == Set(Query.forPeople.map(\.name)))
    #expect(try names("plumbing") == Set(Query.plumbing.map(\.name)))
  }

  @Test(arguments: Query.forPeople)
  func `a statement for people restricts nothing by itself`(query: Query) throws {
    let store = try ScratchStore()
    try store.store(IdentityTests.log())
    var rows = 0
    try store.read { reader in try reader.run(query) { _ in rows += 1 } }
    // What only links have, or only `collect` writes, is not in a store of lines alone.
    let ofOthers = [Query.clocks, .collectedLogs, .legGroups, .legPeaks, .undecidedLinks]
    #expect((rows > 0) != ofOthers.contains(query))
  }

  @Test func `an unknown parameter is an error`() throws {
    let store = try ScratchStore()
    try store.store([TestHop()])
    #expect(throws: StoreError.self) { try store.read { try $0.run(.hops, ["nonsense": .null]) { _ in } } }
  }

  @Test(arguments: [
    ("httpbin", 1), ("httpbin.default", 1), ("httpbin.default.svc.cluster.local:8000", 1), ("httpbi", 0),
    ("httpbin.default.svc.cluster.local:80", 0), ("%", 0), ("*", 0), ("' OR 1 = 1 --", 0),
  ])
  func `a service is named in full or by its first labels`(service: String, count: Int) throws {
    let store = try ScratchStore()
    try store.store([TestHop(), TestHop(line: 2, service: "other.default.svc.cluster.local")])
    var filter = HopFilter()
    filter.service = service
    #expect(try store.read { try $0.hops(filter) }.count == count)
  }

  @Test func `filters, limit and order`() throws {
    let store = try ScratchStore()
    try store.store(
      (0..<20).map {
        TestHop(start: 1_760_000_000_000_000 + $0 * 1000, line: $0 + 1, code: $0 < 5 ? 503 : 200)
      })
    var filter = HopFilter()
    filter.statusClass = 5
    #expect(try store.read { try $0.hops(filter) }.map(\.line) == [1, 2, 3, 4, 5])
    filter = HopFilter()
    filter.newestFirst = true
    filter.limit = 2
    filter.untilMicroseconds = 1_760_000_000_010_000
    #expect(try store.read { try $0.hops(filter) }.map(\.line) == [10, 9])
    filter.source = "nothing*"
    #expect(try store.read { try $0.hops(filter) }.isEmpty)
  }

  @Test func `sources come with roles, times and silences`() throws {
    let store = try ScratchStore()
    let start: Int64 = 1_760_000_000_000_000
    try store.store([0, 60, 61, 200].map { TestHop(start: start + $0 * 1_000_000, line: $0) })
    let source = try #require(try store.read { try $0.sources() }.first)
    #expect(source.hops == 4 && source.roles.map(\.role) == ["client"])
    #expect(source.lastStartMicroseconds == start + 200_000_000)
    #expect(source.silences.map { $0.durationMicroseconds / 1_000_000 } == [138, 59])
  }

  @Test func `a line from the future is not the logs' end`() throws {
    let store = try ScratchStore()
    let start: Int64 = 1_760_000_000_000_000
    let hops = (0..<30).map { TestHop(start: start + $0 * 1_000_000) }
    try store.store(hops + [TestHop(start: 253_402_300_799_000_000), TestHop(start: start * 2)])
    #expect(try store.read { try $0.newestStart() } == start + 29_000_000)
  }

  @Test func `servers say how requests were spread`() throws {
    let store = try ScratchStore()
    let hops = (0..<40).map { index in
      var hop = TestHop(line: Int64(index), role: .server)
      hop.source =
        index % 4 == 0 ? "ack2.default.httpbin-b.istio-proxy.log" : "ack2.default.httpbin-a.istio-proxy.log"
      hop.downstreamLocal = .ip(index % 4 == 0 ? 2 : 1, 80)
      hop.downstreamRemote = .ip(9, Int64(index % 2))
      hop.duration = Int64(index) * 1000
      return hop
    }
    try store.store(hops + [TestHop()])
    var rows: [[String]] = []
    try store.read { reader in
      try reader.run(.imbalanceHosts) { row in rows.append([1, 2, 5, 6, 7].map { row.text($0) ?? "" }) }
    }
    #expect(
      rows == [
        ["0.0.0.1:80", "server", "httpbin-a", "2", "30"], ["0.0.0.2:80", "server", "httpbin-b", "1", "10"],
      ])
  }

  @Test func `hops are loaded with dense indices in the order of their names`() throws {
    let store = try ScratchStore()
    var server = TestHop(line: 1, role: .server, path: "/users/17/cart?x=1")
    server.source = "ack2.default.httpbin-z.istio-proxy.log"
    server.httpProtocol = "HTTP/2"
    var client = TestHop(path: "/users/4/cart", upstreamHost: .text("xx.x"))
    client.requestText = "odd"
    try store.store([server, client])
    let loaded = try store.read { try $0.loadHops() }
    #expect(loaded.podSources == [2, 1])
    #expect(
      loaded.meshClusters == ["ack1", "ack2"] && loaded.services == ["httpbin.default.svc.cluster.local:8000"]
    )
    let hops = loaded.hops
    #expect(
      hops.map(\.pod) == [0, 1] && hops.map(\.workload) == [0, 1] && hops.map(\.role) == [.client, .server]
        && hops.map(\.service) == [0, 0])
    #expect(hops[0].route == hops[1].route && hops[0].content != hops[1].content)
    #expect(hops.map(\.httpVersion) == [1, 2])
    #expect(hops[0].headerBytes == 3 + 13 + 12 + 6)
    #expect(hops[0].upstreamHost < 0 && hops[1].upstreamHost == 0x0a02_0115 << 16 | 80)
    #expect(hops[1].requestID.isMissing && !hops[0].requestID.isMissing)
  }
}
