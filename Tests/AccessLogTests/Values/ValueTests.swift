import Testing

@testable import AccessLog

private func padded<Result>(_ text: String, _ body: (PaddedBytes) -> Result) -> Result {
  PaddedBytes.withCopy(of: Array(text.utf8), body)
}

@Suite struct `Numbers are read as Envoy and others write them` {
  @Test(arguments: [
    ("7", 1000, 7000), ("0", 1, 0), ("200.0", 1, 200), ("4.25", 1000, 4250), ("0.0009", 1000, 0),
    ("999999999999999999", 1, 999_999_999_999_999_999), ("9223372036854775807", 1, Int64.max),
  ])
  func `scaled, digits below a unit dropped`(_ text: String, _ scale: Int64, _ value: Int64) {
    #expect(padded(text) { Numbers.scaled($0, by: scale) } == .value(value))
  }

  @Test(arguments: [
    "", "-5", "x", "xxxx", "1e400", "9223372036854775808", "1.", ".5", "1.5x", " 1", "+1", "NaN",
  ])
  func `anything else is bad, never wrapped`(_ text: String) {
    #expect(padded(text) { Numbers.scaled($0, by: 1) } == .bad)
  }

  @Test func `a scale that overflows is bad`() {
    #expect(padded("9223372036854775807") { Numbers.scaled($0, by: 1000) } == .bad)
  }
}

@Suite struct `Addresses` {
  @Test(arguments: [
    "10.2.1.21:80", "0.0.0.0:1", "255.255.255.255:65535", "203.0.113.10:15443", "10.128.0.64:0",
  ])
  func `IPv4 with a port goes into a number and back`(_ text: String) throws {
    let value = try #require(padded(text, IPv4Endpoint.parse))
    #expect(Address(rawValue: value).ipv4Text == text)
  }

  @Test(arguments: [
    "", "-", "10.2.1.21", "10.2.1.256:80", "010.2.1.21:80", "10.2.1.21:080", "10.2.1.21:65536", "10.2.1:80",
    "1.2.3.4.5:80",
    "0.0.0.0:0", "xx.xx.x.xx:15443", "[2a02:cf40::7]:3000", "10.2.1.21:80 ",
    "envoy://connect_originate/10.0.0.1:80",
  ])
  func `what would not print back the same stays text`(_ text: String) {
    #expect(padded(text, IPv4Endpoint.parse) == nil)
  }
}

@Suite struct `Ids` {
  @Test(arguments: ["08dc43e9-60c8-4f2f-910a-b727172ce311", "ffffffff-ffff-ffff-ffff-ffffffffffff"])
  func `a UUID goes into 128 bits and back`(_ text: String) throws {
    let bits = try #require(padded(text, Identifier.uuid))
    #expect(IdentifierText.uuid(high: bits.high, low: bits.low) == text)
  }

  @Test func `so does a trace id`() throws {
    let text = "4bf92f3577b34da6a3ce929d0e0e4736"
    let bits = try #require(padded(text, Identifier.hex32))
    #expect(bits.high == 0x4bf9_2f35_77b3_4da6)
    #expect(IdentifierText.hex32(high: bits.high, low: bits.low) == text)
  }

  @Test func `every wrong byte in any place is noticed`() {
    let good = Array("08dc43e9-60c8-4f2f-910a-b727172ce311".utf8)
    for place in good.indices {
      for byte in UInt8.min...UInt8.max {
        var text = good
        text[place] = byte
        let isValid =
          [8, 13, 18, 23].contains(place) ? byte == 0x2D : Array("0123456789abcdef".utf8).contains(byte)
        #expect((PaddedBytes.withCopy(of: text, Identifier.uuid) != nil) == isValid, "\(place) \(byte)")
      }
    }
  }
}

@Suite struct `Names of upstream clusters` {
  @Test func `two spellings of one value`() throws {
    let piped = try #require(SubsetKey("outbound|8000||httpbin.default.svc.cluster.local"))
    let sni = try #require(SubsetKey("outbound_.8000_._.httpbin.default.svc.cluster.local"))
    #expect(piped == sni)
    #expect(piped.service == "httpbin.default.svc.cluster.local:8000")
    #expect(sni.clusterName == "outbound|8000||httpbin.default.svc.cluster.local")
    #expect(piped.serverName == "outbound_.8000_._.httpbin.default.svc.cluster.local")
  }

  @Test(arguments: [
    ("outbound|80|v1|a.b;", "v1", "a.b"), ("inbound|80||", "", ""),
    ("inbound-vip|9080|http|p.ns", "http", "p.ns"),
    ("outbound_.80_.v1_.a.b", "v1", "a.b"), ("outbound|80|v1|evil|extra", "v1", "evil|extra"),
  ])
  func `parts`(_ text: String, _ subset: String, _ host: String) throws {
    let key = try #require(SubsetKey(text))
    #expect(key.subset == subset)
    #expect(key.host == host)
  }

  @Test(arguments: [
    "", "-", "PassthroughCluster", "outbound|x||h", "outbound|99999||h", "outbound_.80_.h", "a|80||h",
    "outbound|80|h",
    // Found by fuzzing: an SNI with a bar was another key in each spelling.
    "outbound_.8_.ooutbound|80|v1|x_.a.b",
  ])
  func `other names are none`(_ text: String) { #expect(SubsetKey(text) == nil) }
}

@Suite struct `Response flags` {
  @Test func `are a set: order and long names do not matter`() {
    let first = ResponseFlags.parse(Array("URX,UF".utf8))
    #expect(first == ResponseFlags.parse(Array("UpstreamConnectionFailure,UpstreamRetryLimitExceeded".utf8)))
    #expect(first.shortNames == ["UF", "URX"])
    #expect(ResponseFlags.parse(Array("-".utf8)) == [])
  }

  @Test func `an unknown one is marked`() {
    #expect(ResponseFlags.parse(Array("UF,ZZTOP".utf8)) == [.upstreamConnectionFailure, .unrecognised])
  }
}

@Suite struct `A pod's workload` {
  @Test(arguments: [
    ("sleep-hlvj7nhb7x-42zh7", "sleep"),
    ("istio-asm-cross-network-js6nq2hbpc-7dhvt", "istio-asm-cross-network"),
    ("geo-6455488cd8-9pdxx", "geo"), ("web-0", "web"), ("fluent-bit-x7k2p", "fluent-bit"), ("nginx", "nginx"),
    ("my-app", "my-app"), ("reviews-v1-545db77b95-g5dh2", "reviews-v1"),
  ])
  func `is its name without what controllers append`(_ pod: String, _ workload: String) {
    #expect(WorkloadName.of(pod: pod) == workload)
  }
}

@Suite struct `Text` {
  @Test(
    arguments: [
      ([0x61, 0xFF, 0xFE, 0x62], "a\u{FFFD}\u{FFFD}b"), ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"),
      ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"), ([0xE2, 0x82], "\u{FFFD}"),
    ] as [([UInt8], String)])
  func `bytes that are no UTF-8 become replacement characters`(_ bytes: [UInt8], _ expected: String) {
    var output: [UInt8] = []
    let replaced = unsafe bytes.withUnsafeBytes { unsafe UTF8Text.appendRepaired($0, to: &output) }
    #expect(String(decoding: output, as: UTF8.self) == expected)
    #expect(replaced)
  }

  @Test(arguments: [
    (#"a\nb\t\"\\\/"#, "a\nb\t\"\\/", false), (#"\u00e9\u20ac"#, "é€", false), (#"\ud83d\ude00"#, "😀", false),
    (#"\ud800"#, "\u{FFFD}", true), (#"\ude00x"#, "\u{FFFD}x", true), (#"\ud800\u0041"#, "\u{FFFD}A", true),
    (#"cu\377rl"#, "cu\u{FFFD}rl", true), (#"\303\251"#, "é", true), (#"a\u0000b"#, "a\u{0}b", false),
  ])
  func `escapes are decoded`(_ text: String, _ expected: String, _ replaced: Bool) {
    var output: [UInt8] = []
    let found = unsafe Array(text.utf8).withUnsafeBytes { unsafe UTF8Text.appendUnescaped($0, to: &output) }
    #expect(String(decoding: output, as: UTF8.self) == expected)
    #expect(found == replaced)
  }
}
