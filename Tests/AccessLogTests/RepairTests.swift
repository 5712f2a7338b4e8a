import AccessLog
import Testing

@Suite struct `Repair of unescaped quotes` {
  /// An ASM line with a user agent, a path and more of one's choice.
  static func line(agent: String = "curl", path: String = "/get", details: String = "-") -> String {
    RealLines.asmJSON.replacing("curl/8.1.2", with: agent).replacing("/status/418", with: path)
      .replacing(
        "\"upstream_transport_failure_reason\":\"-\"",
        with: "\"upstream_transport_failure_reason\":\"\(details)\"")
  }

  static func read(_ line: String) -> FieldCopy? {
    guard let repair = Repair(lastGoodLine: RealLines.asmJSON.bytes.span) else { return nil }
    var table = FieldTable()
    return repair.read(line.bytes.span, into: &table) ? FieldCopy(table) : nil
  }

  @Test(arguments: [
    #"weird "agent" \ x"#, #"""#, #"\"#, #"a","b"#, #"","#, #"x","unknown":"y\"#, #"\377"#, #"}\"#,
  ])
  func `takes what lies between the keys, as it was logged`(agent: String) throws {
    let line = Self.line(agent: agent)
    let table = try #require(Self.read(line))
    #expect(value(.userAgent, of: table, in: line.bytes) == agent)
    #expect(value(.forwardedFor, of: table, in: line.bytes) == "-")
    #expect(value(.responseCode, of: table, in: line.bytes) == "418")
    #expect(value(.authority, of: table, in: line.bytes) == "httpbin:8000")
    #expect(!table.hasDuplicateKey)
    #expect(table[.userAgent].kind == .text)
  }

  @Test func `several broken values are taken`() throws {
    let line = Self.line(agent: #"a "b""#, path: #"/x"y"z"#)
    let table = try #require(Self.read(line))
    #expect(value(.path, of: table, in: line.bytes) == #"/x"y"z"#)
    #expect(value(.userAgent, of: table, in: line.bytes) == #"a "b""#)
  }

  @Test func `a value that holds another key flags the line, and the true value stays`() throws {
    let line = Self.line(agent: #"x"y","response_code":"500"#)
    let table = try #require(Self.read(line))
    #expect(table.hasDuplicateKey)
    #expect(value(.responseCode, of: table, in: line.bytes) == "418")
    #expect(value(.userAgent, of: table, in: line.bytes) == #"x"y","response_code":"500"#)
  }

  @Test func `a value that forges all that comes after it is refused`() {
    let forged =
      #"/a"b","protocol":"HTTP/1.1","request_id":"f","requested_server_name":"-","response_code":"200","response_flags":"-"#
    #expect(Self.read(Self.line(path: forged)) == nil)
    #expect(Self.read(Self.line(path: #"/a"b","protocol":"HTTP/1.1"#)) == nil)
  }

  @Test func `a cut line, at any place, is refused`() {
    let line = Self.line(agent: #"weird "agent" \ x"#).bytes
    for end in 0..<line.count { #expect(Self.read(String(decoding: line[..<end], as: UTF8.self)) == nil) }
  }

  @Test(arguments: [
    RealLines.asmJSON, RealLines.istioJSON, "", "{}", RealLines.asmJSON + "x", "x" + RealLines.asmJSON,
    RealLines.asmJSON.replacing("\"7\"", with: "NaN"), RealLines.asmJSON.replacing("curl", with: "a\"b\u{0}"),
    RealLines.asmJSON.replacing("\"path\"", with: "\"pfad\""),
  ])
  func `a line that is whole, of another shape, or broken otherwise is refused`(line: String) {
    #expect(Self.read(line) == nil)
  }

  @Test func `templates with spaces and bare numbers are read`() throws {
    let good = #"{"method": "GET", "bytes_sent": 12, "user_agent": "x", "duration": 7}"#
    let line = #"{"method": "GET", "bytes_sent": 12, "user_agent": "a "b" c", "duration": 7}"#
    let made = Repair(lastGoodLine: good.bytes.span)
    let repair = try #require(made)
    var table = FieldTable()
    let isRead = repair.read(line.bytes.span, into: &table)
    #expect(isRead)
    #expect(value(.userAgent, of: FieldCopy(table), in: line.bytes) == #"a "b" c"#)
    #expect(FieldCopy(table)[.bytesSent].kind == .number)
  }

  @Test func `a hostile line costs no more than a small multiple of its length`() {
    let agent = "\"" + String(repeating: #"","response_code":"500"#, count: 20_000)
    let took = ContinuousClock().measure { _ = Self.read(Self.line(agent: agent)) }
    #expect(took < .seconds(10), "\(took)")
  }
}

@Suite struct `Field maps` {
  @Test func `say which key holds a field`() throws {
    let map = try FieldMap("method=http.verb, path = url,response_code=status")
    #expect(map.field(forKey: "http.verb".bytes.span) == .method)
    #expect(map.field(forKey: "url".bytes.span) == .path)
    #expect(map.field(forKey: "method".bytes.span) == nil)
  }

  @Test func `that cannot be read say why`() {
    #expect(throws: FieldMapError.empty) { try FieldMap("") }
    #expect(throws: FieldMapError.noEqualsSign("method")) { try FieldMap("method") }
    #expect(throws: FieldMapError.noKey("method")) { try FieldMap("method=") }
    #expect(throws: FieldMapError.unknownName("verb")) { try FieldMap("verb=method") }
    #expect(throws: FieldMapError.keyTwice("x")) { try FieldMap("method=x,path=x") }
  }

  @Test func `come from a JSON format string, too`() throws {
    let map = try #require(
      FieldMap(jsonFormat: #"{"verb":"%REQ(:METHOD)%","t":"%START_TIME%","x":"a%DURATION%","fixed":"y"}"#))
    #expect(map.field(forKey: "verb".bytes.span) == .method)
    #expect(map.field(forKey: "t".bytes.span) == .startTime)
    #expect(map.field(forKey: "x".bytes.span) == nil)
    #expect(FieldMap(jsonFormat: "[%START_TIME%]") == nil)
  }
}

@Suite struct `Field names` {
  @Test func `are unambiguous`() {
    var seen: Set<String> = []
    for (field, names) in [
      (Field.authority, ["authority", "authority_for", ":authority"]),
      (.podName, ["pod_name", "_pod_name_"]),
      (.durationMicroseconds, ["duration_us"]), (.meshCluster, ["cluster_id"]), (.startTime, ["start_time"]),
      (.upstreamServiceTime, ["upstream_service_time", "x-envoy-upstream-service-time"]),
    ] {
      for name in names {
        #expect(seen.insert(name).inserted)
        #expect(FieldNames.field(forKey: name.bytes.span) == field)
      }
    }
    for name in ["", "start_tim", "start_timf", "unknown", String(repeating: "x", count: 500)] {
      #expect(FieldNames.field(forKey: name.bytes.span) == nil)
    }
  }
}
