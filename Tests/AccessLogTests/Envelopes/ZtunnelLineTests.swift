import AccessLog
import TestSupport
import Testing

/// What of a ztunnel's line goes where.
@Suite struct `Lines of ztunnels` {
  private static func fields(_ addresses: String, _ direction: String) throws -> TestSupport.JSONValue {
    let text =
      "2025-03-20T15:39:06.706095Z\tinfo\taccess\tconnection complete\t\(addresses) "
      + "dst.service=\"items.shop.svc.cluster.local\" direction=\"\(direction)\" bytes_sent=84 bytes_recv=416 "
      + "duration=\"94ms\""
    let line = text.bytes
    var stripper = EnvelopeStripper()
    let body = try #require(bodyText(stripper.strip(line.span), line, stripper))
    return try TestSupport.JSONValue(parsing: Array(body.utf8))
  }

  @Test func `through a waypoint it went there, and asked for a service`() throws {
    let fields = try Self.fields(
      "src.addr=10.244.2.106:48664 dst.addr=10.244.2.229:15008 dst.hbone_addr=10.0.81.76:8000 "
        + "dst.workload=\"waypoint-5567b86c58-jtj8k\" dst.namespace=\"shop\"", "outbound")
    #expect(fields["upstream_host"]?.string == "10.244.2.229:15008")
    #expect(fields["downstream_local_address"]?.string == "10.0.81.76:8000")
    #expect(fields["authority"]?.string == "shop/waypoint-5567b86c58-jtj8k")
    #expect(fields["protocol"]?.string == "HBONE")
    #expect(fields["upstream_cluster"]?.string == "outbound|8000||items.shop.svc.cluster.local")
  }

  @Test func `to a pod it went to the pod's own port`() throws {
    let fields = try Self.fields(
      "src.addr=10.244.2.106:48664 dst.addr=[fd00::229]:15008 dst.hbone_addr=[fd00:0::229]:8080", "outbound")
    #expect(fields["upstream_host"]?.string == "[fd00:0::229]:8080")
    #expect(fields["downstream_local_address"] == nil && fields["authority"] == nil)
  }

  @Test func `from another network the pod is where it went, not the name that was asked for`() throws {
    let asked = "dst.hbone_addr=items.shop.svc.cluster.local:8000"
    let inbound = try Self.fields("src.addr=10.7.0.7:48664 dst.addr=10.244.3.101:15008 \(asked)", "inbound")
    #expect(inbound["downstream_local_address"]?.string == "10.244.3.101:8000")
    let outbound = try Self.fields("src.addr=10.1.0.7:48664 dst.addr=203.0.113.10:15008 \(asked)", "outbound")
    #expect(outbound["upstream_host"]?.string == "203.0.113.10:15008")
    #expect(outbound["downstream_local_address"] == nil)
  }

  @Test func `without a tunnel it has no protocol`() throws {
    let fields = try Self.fields("src.addr=10.1.0.7:48664 dst.addr=10.244.3.101:8080", "inbound")
    #expect(fields["protocol"] == nil && fields["downstream_local_address"]?.string == "10.244.3.101:8080")
  }

  private static let rest =
    "src.addr=10.244.1.5:41000 src.workload=\"curl-7c8b9d6f54-zz4kq\" src.namespace=\"shop\" dst.addr=10.244.2.7:15008 "
    + "dst.hbone_addr=10.244.2.7:8080 dst.workload=\"items-6d5f8c7b9d-sss2s\" direction=\"outbound\""
  private static let complete =
    "2026-11-23T02:15:00.000000Z\tinfo\taccess\tconnection complete\t\(rest) bytes_sent=84 bytes_recv=500 duration=\"20ms\""
  private static let json =
    #"{"level":"info","time":"2026-11-23T02:15:00.000000Z","scope":"access","message":"connection complete","#
    + #""src.addr":"10.244.1.5:41000","src.workload":"curl-7c8b9d6f54-zz4kq","dst.addr":"10.244.2.7:8080","#
    + #""direction":"outbound","bytes_sent":84,"bytes_recv":500,"duration":"20ms"}"#

  /// What becomes of lines, read as a log.
  private static func outcomes(_ lines: [String]) -> [LineOutcome] {
    var parser = HopParser(tables: ParserTables(), logName: "a.log")
    var batch = HopBatch()
    return lines.enumerated().flatMap { index, line -> [LineOutcome] in
      var all = [
        PaddedBytes.withCopy(of: line.bytes) { parser.parse($0, number: Int64(index) + 1, into: &batch) }
      ]
      while let next = parser.parseNext(number: Int64(index) + 1, into: &batch) { all.append(next) }
      return all
    }
  }

  @Test func `that were cut are rejected, at whatever place`() {
    let whole = Self.complete.utf8.count
    let start =
      Self.complete.utf8.count - "\(Self.rest) bytes_sent=84 bytes_recv=500 duration=\"20ms\"".utf8.count
    for length in start..<whole {
      let cut = String(decoding: Self.complete.utf8.prefix(length), as: UTF8.self)
      guard case .rejected = Self.outcomes([cut])[0] else {
        Issue.record("\(length) bytes are taken for a connection, or for noise")
        return
      }
    }
    #expect(Self.outcomes([Self.complete]) == [.hop(repaired: false)])
    #expect(Self.outcomes([Self.json]) == [.hop(repaired: false)])
    guard case .rejected = Self.outcomes([String(Self.json.dropLast(30))])[0] else {
      Issue.record("cut JSON is noise")
      return
    }
  }

  @Test func `of connections that are opened are none of their own`() {
    let opened = "2026-11-23T02:14:59.980000Z\tdebug\taccess\tconnection opened\t\(Self.rest)"
    #expect(Self.outcomes([opened, Self.complete]) == [.skipped, .hop(repaired: false)])
    let json = Self.json.replacing("connection complete", with: "connection opened")
    #expect(Self.outcomes([json]).allSatisfy { $0 == .skipped })
  }

  @Test(arguments: [
    #"{"log":"LINE\n","stream":"stdout","time":"2026-11-23T02:15:00.1Z"}"#,
    #"{"labels":{"pod":"ztunnel-q8w2k"},"line":"LINE","timestamp":"2026-11-23T02:15:00.1Z"}"#,
    #"{"message":"LINE","kubernetes":{"pod_name":"ztunnel-q8w2k","pod_namespace":"istio-system"}}"#,
    #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"LINE"}}]}]}]}"#,
    #"{"_raw":"LINE","host":"n1"}"#,
  ])
  func `as JSON in a string are read`(envelope: String) {
    let escaped = Self.json.replacing("\"", with: "\\\"")
    #expect(Self.outcomes([envelope.replacing("LINE", with: escaped)]) == [.hop(repaired: false)])
  }

  @Test func `whose keys a shipper changed are read`() {
    let flat = Self.json.replacing("src.", with: "src_").replacing("dst.", with: "dst_")
    let nested =
      #"{"time":"2026-11-23T02:15:00.000000Z","message":"connection complete","src":{"addr":"10.244.1.5:41000"},"#
      + #""dst":{"addr":"10.244.2.7:8080"},"direction":"inbound","bytes_sent":84,"bytes_recv":500,"duration":"20ms"}"#
    #expect(Self.outcomes([flat, nested]) == [.hop(repaired: false), .hop(repaired: false)])
  }

  @Test func `behind something unknown are unread, no noise`() {
    let spaces = Self.complete.replacing("\t", with: "    ")
    let envoy =
      #"@@ foo bar: {"start_time":"2026-11-23T02:15:00.000Z","method":"GET","path":"/","response_flags":"-","upstream_cluster":"outbound|80||a"}"#
    let all = Self.outcomes([spaces, "%% x %% \(Self.complete)", envoy])
    #expect(all == [.rejected(.unread), .rejected(.unread), .rejected(.unread)])
  }

  @Test func `name a mesh cluster where the log's name does not`() {
    func meshCluster(_ log: String, _ id: String) -> String {
      let tables = ParserTables()
      var parser = HopParser(tables: tables, logName: log)
      var batch = HopBatch()
      let line = Self.complete.replacing(" src.namespace", with: " src.cluster=\"\(id)\" src.namespace")
      _ = PaddedBytes.withCopy(of: line.bytes) { parser.parse($0, number: 1, into: &batch) }
      return tables.source(parser.currentSource()).origin.meshCluster
    }
    let named = "c1.istio-system.ztunnel-q8w2k.istio-proxy.log"
    #expect(meshCluster("a.log", "east") == "east")
    #expect(meshCluster("a.log", "Kubernetes") == "")
    #expect(meshCluster(named, "east") == "c1" && meshCluster(named, "Kubernetes") == "c1")
  }
}
