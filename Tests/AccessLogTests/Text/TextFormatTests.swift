import AccessLog
import Testing

/// Reads a line with the built-in layouts.
private func read(_ line: String, own: [TextFormat] = []) -> (table: FieldCopy, layout: String)? {
  var formats = TextFormats(own: own)
  var table = FieldTable()
  guard formats.match(line.bytes.span, into: &table) else { return nil }
  let name = TextFormats.builtInSources.first { $0.format == formats.lastFormat.source }?.name ?? "own"
  return (FieldCopy(table), name)
}

@Suite struct `Text layouts` {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var line: String
    var layout: String
    var values: [(Field, String)]
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "Istio's default", line: RealLines.istioText, layout: "istio",
      values: [
        (.startTime, "2022-08-22T13:08:23.188Z"), (.method, "GET"), (.path, "/reviews/0"),
        (.httpProtocol, "HTTP/1.1"), (.responseCode, "200"), (.responseFlags, "-"),
        (.responseCodeDetails, "via_upstream"), (.connectionTerminationDetails, "-"),
        (.upstreamTransportFailureReason, "-"), (.bytesReceived, "0"), (.bytesSent, "442"), (.duration, "12"),
        (.upstreamServiceTime, "12"), (.forwardedFor, "-"), (.userAgent, "curl/7.79.1"),
        (.requestID, "00bcf1d7-12c4-93b9-b36a-bc0faac8e428"), (.authority, "reviews:9080"),
        (.upstreamHost, "10.124.1.5:9080"),
        (.upstreamCluster, "outbound|9080||reviews.default.svc.cluster.local"),
        (.upstreamLocalAddress, "10.124.2.6:50960"), (.downstreamLocalAddress, "10.0.18.132:9080"),
        (.downstreamRemoteAddress, "10.124.2.6:52930"), (.requestedServerName, "-"), (.routeName, "default"),
      ]),
    Case(
      name: "Istio's default with IPv6", line: RealLines.istioTextIPv6, layout: "istio",
      values: [(.upstreamHost, "[2a02:cf40::7]:3000"), (.downstreamRemoteAddress, "[2a02:cf40::4e36]:5000")]),
    Case(
      name: "an ambient waypoint", line: RealLines.waypointText, layout: "istio",
      values: [
        (.upstreamHost, "envoy://connect_originate/10.244.0.32:9080"),
        (.upstreamLocalAddress, "envoy://internal_client_address/"),
      ]),
    Case(
      name: "Envoy's default, tcp:// kept", line: RealLines.envoyText, layout: "envoy",
      values: [(.upstreamHost, "tcp://10.0.2.1:80"), (.forwardedFor, "10.0.35.28"), (.responseCode, "204")]),
    Case(
      name: "Istio 1.1", line: RealLines.istio11Text, layout: "istio-1.1",
      values: [
        (.istioPolicyStatus, "-"), (.upstreamLocalAddress, "-"), (.upstreamHost, "192.168.89.50:9001"),
      ]),
    Case(
      name: "Istio 1.5, a TCP connection", line: RealLines.tcpText, layout: "istio-1.3",
      values: [(.method, "-"), (.path, "-"), (.httpProtocol, "-"), (.upstreamCluster, "PassthroughCluster")]),
    Case(
      name: "Envoy with response_code_details", line: RealLines.envoyDetailsText, layout: "envoy-details",
      values: [
        (.responseFlags, "UF"), (.duration, "0"), (.upstreamServiceTime, "-"),
        (
          .responseCodeDetails,
          "upstream_reset_before_response_started{connection_failure,delayed_connect_error:_111}"
        ),
      ]),
  ]

  @Test(arguments: cases) func `each is recognised without being told, and its values are found`(_ item: Case)
    throws
  {
    let (table, layout) = try #require(read(item.line))
    #expect(layout == item.layout)
    for (field, expected) in item.values { #expect(value(field, of: table, in: item.line.bytes) == expected) }
  }

  @Test func `all of them compile`() {
    #expect(TextFormats.builtIn.count == TextFormats.builtInSources.count)
  }

  @Test func `the layout that fitted last is tried first`() {
    var formats = TextFormats()
    var table = FieldTable()
    _ = formats.match(RealLines.envoyText.bytes.span, into: &table)
    #expect(TextFormats.builtInSources[formats.last].name == "envoy")
  }
}

@Suite struct `Text lines that are hard` {
  /// Istio's default with a user agent of one's choice.
  static func line(agent: String, path: String = "/get") -> String {
    RealLines.istioText.replacing("curl/7.79.1", with: agent).replacing("/reviews/0", with: path)
  }

  @Test(arguments: [
    #"weird "agent" \ x"#, #"""#, #"" ""#, #"x" "y"#, "", "- - -", #"a" 200 - "b"#,
    #"x" "forged-id" "forged-authority" "1.2.3.4:80" outbound|80||evil 1.1.1.1:1 2.2.2.2:2 3.3.3.3:3 - default"#,
    "Mozilla/5.0 (X11; Linux x86_64) \u{4F60}\u{597D}",
  ])
  func `a user agent may hold what it likes`(agent: String) throws {
    let line = Self.line(agent: agent)
    let (table, _) = try #require(read(line))
    #expect(value(.userAgent, of: table, in: line.bytes) == agent)
    #expect(value(.requestID, of: table, in: line.bytes) == "00bcf1d7-12c4-93b9-b36a-bc0faac8e428")
    #expect(value(.upstreamHost, of: table, in: line.bytes) == "10.124.1.5:9080")
    #expect(value(.routeName, of: table, in: line.bytes) == "default")
  }

  @Test
  func `a forged end of line in Envoy's default, which ends with a quote, changes nothing but the agent`()
    throws
  {
    let agent = #"x" "id" "authority" "1.2.3.4:80"#
    let line = RealLines.envoyText.replacing("nsq2http", with: agent)
    let (table, _) = try #require(read(line))
    #expect(value(.userAgent, of: table, in: line.bytes) == agent)
    #expect(value(.upstreamHost, of: table, in: line.bytes) == "tcp://10.0.2.1:80")
  }

  @Test func `a path may hold quotes, spaces and a whole forged request line`() throws {
    for path in [#"/a"b"#, "/a b c", #"/a HTTP/1.1" 200 - x - "-" 1 1 1 1 "-" ""#] {
      let line = Self.line(agent: "curl", path: path)
      let (table, _) = try #require(read(line))
      #expect(value(.path, of: table, in: line.bytes) == path)
      #expect(value(.bytesSent, of: table, in: line.bytes) == "442")
    }
  }

  @Test func `a line that a timestamp was inserted into is no line, wherever it was inserted`() {
    #expect(read(RealLines.brokenText) == nil)
    let stamp = "2021-02-01T21:34:38.761055140Z "
    let whole = Self.line(agent: "Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0")
    for offset in 30..<whole.count {
      let cut = whole.index(whole.startIndex, offsetBy: offset)
      let line = String(whole[..<cut]) + stamp + String(whole[cut...])
      // Before the last word the stamp is a word of its own text: what it makes of the name is one.
      guard let (table, _) = read(line) else { continue }
      #expect(Bool(false), "at \(offset): \(value(.routeName, of: table, in: line.bytes) ?? "")")
    }
  }

  @Test func `every cut line is no line`() {
    let whole = RealLines.istioText.bytes
    for end in 0..<(whole.count - 8) {
      let line = String(decoding: whole[..<end], as: UTF8.self)
      #expect(read(line) == nil, "\(line)")
    }
  }

  @Test(arguments: [
    "[2022-08-22T13:08:23.188Z] \"" + String(repeating: "a ", count: 200_000),
    "[2022-08-22T13:08:23.188Z] \"GET "
      + String(repeating: "/ HTTP/1.1\" 200 - - - \"-\" 0 0 0 0 \"-\" \"", count: 20_000),
    RealLines.istioText.replacing("curl/7.79.1", with: String(repeating: "\" \"", count: 250_000)),
  ])
  func `a hostile line costs no more than a small multiple of its length`(line: String) {
    let clock = ContinuousClock()
    let took = clock.measure { _ = read(line) }
    #expect(took < .seconds(10), "\(took)")
  }
}

@Suite struct `Values that are left out` {
  @Test func `are empty text, with Istio's omitEmptyValues`() throws {
    let line =
      #"[2020-05-19T19:53:38.151Z] "  " 0    "" 2279 3059 63  "" "" "" "" "1.2.3.4:443" PassthroughCluster 10.0.0.93:37018 1.2.3.4:443 10.0.0.93:39849  "#
    let (table, layout) = try #require(read(line))
    #expect(layout == "istio")
    #expect(value(.method, of: table, in: line.bytes) == "")
    #expect(value(.bytesSent, of: table, in: line.bytes) == "3059")
    #expect(value(.routeName, of: table, in: line.bytes) == "")
    #expect(value(.upstreamHost, of: table, in: line.bytes) == "1.2.3.4:443")
  }
}

@Suite struct `Formats of the user's own` {
  @Test func `an ASM JSON template reads lines whose quotes were not escaped`() throws {
    let format = try TextFormat(
      #"{"bytes_received":"%BYTES_RECEIVED%","path":"%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%","start_time":"%START_TIME%","user_agent":"%REQ(USER-AGENT)%","x_forwarded_for":"%REQ(X-FORWARDED-FOR)%"}"#
    )
    let line =
      #"{"bytes_received":"12","path":"/a"b","start_time":"2024-05-23T10:06:27.289Z","user_agent":"weird "agent" \ x","x_forwarded_for":"-"}"#
    let (table, layout) = try #require(read(line, own: [format]))
    #expect(layout == "own")
    #expect(value(.userAgent, of: table, in: line.bytes) == #"weird "agent" \ x"#)
    #expect(value(.path, of: table, in: line.bytes) == #"/a"b"#)
  }

  @Test func `unknown operators are matched and ignored, a doubled percent sign is one`() throws {
    let format = try TextFormat(
      "%START_TIME(%s.%3f)%|%REQ(X-MY)%|%FILTER_STATE(a:PLAIN):12%|%DYNAMIC_METADATA(com.x:y:z)%|%RESPONSE_FLAGS_LONG%"
        + "|100%%;%UPSTREAM_CLUSTER_RAW%;%COMMON_DURATION(DS_RX_BEG:DS_TX_END:us)%|%TRAILER(X)%\n")
    let line =
      "1716458787.289|m y|-|{}|UpstreamConnectionFailure,NoHealthyUpstream|100%;outbound|80||a.b;1234|-"
    let (table, _) = try #require(read(line, own: [format]))
    #expect(value(.startTime, of: table, in: line.bytes) == "1716458787.289")
    #expect(value(.responseFlags, of: table, in: line.bytes) == "UpstreamConnectionFailure,NoHealthyUpstream")
    #expect(value(.upstreamCluster, of: table, in: line.bytes) == "outbound|80||a.b")
    #expect(value(.durationMicroseconds, of: table, in: line.bytes) == "1234")
    #expect(format.startTimeForm != nil)
  }

  @Test func `formats that cannot be read say why`() {
    #expect(throws: TextFormatError.unclosedOperator("%PATH")) { try TextFormat("x %PATH") }
    #expect(throws: TextFormatError.adjacentOperators("DURATION")) {
      try TextFormat("%BYTES_SENT%%DURATION%")
    }
    #expect(throws: TextFormatError.noFields) { try TextFormat("nothing here") }
    #expect(throws: TextFormatError.timeFormat("%Q")) { try TextFormat("%START_TIME(%Q)% %DURATION%") }
  }
}

@Suite struct `Times in strftime forms` {
  @Test(arguments: [
    ("%s", "1716458787", 1_716_458_787_000_000, 1_000_000),
    ("%s.%3f", "1716458787.289", 1_716_458_787_289_000, 1000),
    ("%s%3f", "1716458787289", 1_716_458_787_289_000, 1000),
    ("%s.%6f", "1716458787.289123", 1_716_458_787_289_123, 1),
    ("%s.%9f", "1716458787.289123456", 1_716_458_787_289_123, 1),
    ("%Y/%m/%dT%H:%M:%S%z %s", "2024/05/23T18:06:27+0800 1716458787", 1_716_458_787_000_000, 1_000_000),
    ("%Y-%m-%dT%H:%M:%S.%3f%z", "2024-05-23T18:06:27.289+08:00", 1_716_458_787_289_000, 1000),
    ("%F %T", "2024-05-23 10:06:27", 1_716_458_787_000_000, 1_000_000),
    ("%F %H:%M:%E*S %Ez", "2024-05-23 10:06:27.5 +00:00", 1_716_458_787_500_000, 100_000),
    ("%d/%b/%Y:%H:%M:%S %z", "23/May/2024:10:06:27 +0000", 1_716_458_787_000_000, 1_000_000),
    ("%D %I:%M:%S %p", "05/23/24 10:06:27 AM", 1_716_458_787_000_000, 1_000_000),
    ("%F %T", "1969-12-31 23:59:59", -1_000_000, 1_000_000),
    ("%F %T", "2024-02-29 00:00:00", 1_709_164_800_000_000, 1_000_000),
  ])
  func `are read back`(form: String, text: String, microseconds: Int64, precision: Int32) throws {
    let compiled = try #require(TimestampForm(form))
    let instant = compiled.parse(text.bytes.span)
    #expect(instant == TimestampForm.Instant(microseconds: microseconds, precisionMicroseconds: precision))
  }

  @Test(arguments: [
    ("%F %T", "2023-02-29 00:00:00"), ("%F %T", "2024-13-01 00:00:00"), ("%F %T", "2024-05-23 24:00:00"),
    ("%s", ""), ("%s", "99999999999999999999"), ("%s", "999999999999999999"), ("%s", "12x"),
    ("%F", "2024-05-"),
    ("%F %T", "2024-05-23 10:06:27Z"), ("%s%3f", "12"),
  ])
  func `that are no times are nil`(form: String, text: String) throws {
    let compiled = try #require(TimestampForm(form))
    let instant = compiled.parse(text.bytes.span)
    #expect(instant == nil)
  }
}
