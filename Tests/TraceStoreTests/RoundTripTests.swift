import AccessLog
import Correlation
import Foundation
import Testing
import TraceStore

@Suite struct RoundTripTests {
  @Test func `every column of an ordinary hop comes back`() throws {
    let store = try ScratchStore()
    var hop = TestHop()
    hop.flags = [.upstreamConnectionFailure, .upstreamRetryLimitExceeded]
    hop.code = 503
    hop.upstreamServiceTime = 35
    hop.downstreamLocal = .ip(0xff00_0001, 65535)
    hop.downstreamRemote = .text("[2001:db8::1]:443")
    hop.requestID = IdentifierRef(
      form: .uuid, high: 0x08dc_43e9_60c8_4f2f, low: 0x910a_b727_172c_e311, text: .none)
    hop.traceID = IdentifierRef(
      form: .hex32, high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736, text: .none)
    hop.anomalies = [.repaired, .cutValue]
    hop.line = 12
    try store.store([hop])
    let found = try #require(try store.read { try $0.hops() }.first)
    #expect(found.startTime == "2025-10-09T08:53:20.000Z")
    #expect(found.startMicroseconds == hop.start)
    #expect(found.durationMicroseconds == 49_000)
    #expect(found.role == "client")
    #expect(found.line == 12)
    #expect(
      [found.meshCluster, found.namespace, found.pod, found.container] == [
        "ack1", "default", "sleep-x", "istio-proxy",
      ])
    #expect(found.workload == "sleep")
    #expect(
      [found.method, found.path, found.authority, found.httpProtocol] == [
        "GET", "/get", "httpbin:8000", "HTTP/1.1",
      ])
    #expect(found.responseCode == 503)
    #expect(found.responseFlags == ["UF", "URX"])
    #expect(found.service == "httpbin.default.svc.cluster.local:8000")
    #expect(found.requestID == "08dc43e9-60c8-4f2f-910a-b727172ce311")
    #expect(found.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(found.upstreamHost == "10.2.1.21:80")
    #expect(found.upstreamLocalAddress == "10.1.1.5:40001")
    #expect(found.downstreamLocalAddress == "255.0.0.1:65535")
    #expect(found.downstreamRemoteAddress == "[2001:db8::1]:443")
    #expect([found.bytesReceived, found.bytesSent, found.upstreamServiceTimeMilliseconds] == [10, 20, 35])
    #expect(found.userAgent == "curl/8")
    #expect(found[.responseCodeDetails] == "via_upstream")
    #expect(found.anomalies == ["repaired", "cut_value"])
    #expect(found.precision == hop.precision)
  }

  @Test func `what is missing stays missing`() throws {
    let store = try ScratchStore()
    var hop = TestHop(code: nil, method: nil, authority: nil, httpProtocol: nil, service: nil, path: nil)
    hop.userAgent = nil
    hop.upstreamHost = .missing
    hop.upstreamLocal = .missing
    hop.duration = HopRow.missing
    hop.received = HopRow.missing
    hop.sent = HopRow.missing
    try store.store([hop])
    let found = try #require(try store.read { try $0.hops() }.first)
    #expect(found.method == nil && found.path == nil && found.userAgent == nil && found.service == nil)
    #expect(found.responseCode == nil && found.responseFlags == [] && found.requestID == nil)
    #expect(found.upstreamHost == nil && found.upstreamLocalAddress == nil)
    #expect(found.durationMicroseconds == nil && found.bytesReceived == nil && found.bytesSent == nil)
  }

  @Test(
    arguments: [
      (253_402_300_799_999_000, "9999-12-31T23:59:59.999Z"), (-1_000, "1969-12-31T23:59:59.999Z"),
      (-62_135_596_800_000_000, "0001-01-01T00:00:00.000Z"), (0, "1970-01-01T00:00:00.000Z"),
      (8_796_093_022_207_999, "2248-09-26T15:10:22.207Z"),
      (8_796_093_022_208_000, "2248-09-26T15:10:22.208Z"),
    ] as [(Int64, String)])
  func `a start far from today is exact`(start: Int64, text: String) throws {
    let store = try ScratchStore()
    try store.store([TestHop(start: start), TestHop()])
    let found = try store.read { try $0.hops() }.first { $0.startMicroseconds == start }
    #expect(found?.startTime == text)
    var filter = HopFilter()
    filter.sinceMicroseconds = start
    filter.untilMicroseconds = start + 1
    #expect(try store.read { try $0.hops(filter) }.map(\.startMicroseconds) == [start])
    #expect(try store.read { try $0.loadHops(startingIn: start...start) }.hops.map(\.start) == [start])
  }

  @Test func `microseconds are shown where the line had them`() throws {
    let store = try ScratchStore()
    var hop = TestHop(start: 1_760_000_000_000_007)
    hop.precision = TimePrecision(startMicroseconds: 1, durationMicroseconds: 1_000_000)
    try store.store([hop])
    let found = try #require(try store.read { try $0.hops() }.first)
    #expect(found.startTime == "2025-10-09T08:53:20.000007Z")
    #expect(found.precision == hop.precision)
  }

  @Test(arguments: [
    "", "\0", "a\0b", "/ä/日本/🙂", String(repeating: "x", count: 65_536), "'; DROP TABLE hop; --",
    "\u{202e}\u{1b}[31m",
  ])
  func `text comes back byte for byte, from the table and from the row`(text: String) throws {
    let store = try ScratchStore()
    var inline = TestHop(inlinePath: text)
    inline.requestText = text
    try store.store([TestHop(path: text, userAgent: text), inline])
    let found = try store.read { try $0.hops() }
    #expect(found.map { $0.path.map { Array($0.utf8) } } == [Array(text.utf8), Array(text.utf8)])
    #expect(found.contains { $0.userAgent == text } && found.contains { $0.requestID == text })
    #expect(try store.read { try $0.problems() } == [])
  }

  @Test(arguments: ["xx.xx.x.xx:15443", "envoy://internal_client_address/", "300.1.1.1:80", "10.1.1.1:99999"])
  func `an address that is none stays text`(text: String) throws {
    let store = try ScratchStore()
    try store.store([TestHop(upstreamHost: .text(text), upstreamLocal: .text(text))])
    let found = try #require(try store.read { try $0.hops() }.first)
    #expect(found.upstreamHost == text && found.upstreamLocalAddress == text)
  }

  @Test func `ids in the other's form come back as they were written`() throws {
    let store = try ScratchStore()
    let hop = TestHop(
      requestID: IdentifierRef(form: .hex32, high: 1, low: 0xab, text: .none),
      traceID: IdentifierRef(form: .uuid, high: 1, low: 0xab, text: .none))
    try store.store([hop])
    let found = try #require(try store.read { try $0.hops() }.first)
    #expect(found.requestID == "000000000000000100000000000000ab")
    #expect(found.traceID == "00000000-0000-0001-0000-0000000000ab")
  }

  @Test func `flags that are not known are shown as they were logged`() throws {
    let store = try ScratchStore()
    try store.store([TestHop(flags: [.unrecognised, .noRouteFound], unrecognisedFlags: "NR,XYZ")])
    #expect(try store.read { try $0.hops() }.first?.responseFlags == ["NR", "XYZ"])
  }

  @Test func `texts with one hash are told apart`() throws {
    let store = try ScratchStore()
    var options = StoreOptions()
    options.textHashMask = 0
    let paths = (0..<50).map { "/path/\($0)" }
    let hops = paths.enumerated().map { TestHop(line: Int64($0.offset), path: $0.element) }
    try store.store(hops, batch: 7, options: options)
    try store.store(hops, batch: 50, options: options)
    #expect(Set(try store.read { try $0.hops() }.compactMap(\.path)) == Set(paths))
  }
}
