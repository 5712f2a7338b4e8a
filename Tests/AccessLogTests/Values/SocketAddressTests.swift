import Testing

@testable import AccessLog

@Suite struct `One address, however it is written` {
  /// What RFC 5952 says of each (section 4), with RFC 4291's mapped addresses as the IPv4 addresses that they stand for.
  static let spellings: [(canonical: String, others: [String])] = [
    (
      "[2001:db8::1]:443",
      [
        "[2001:DB8::1]:443", "[2001:0db8:0000:0000:0000:0000:0000:0001]:443", "[2001:db8:0:0:0:0:0:1]:443",
        "[2001:db8::0001]:0443", "[2001:db8:0::1]:443", "[2001:db8::0.0.0.1]:443",
      ]
    ),
    ("2001:db8::1", ["2001:0DB8::0001", "[2001:db8::1]", "2001:db8:0:0::1"]),
    ("[::1]:80", ["[0:0:0:0:0:0:0:1]:80", "[0000:0000::0001]:80", "[::0:1]:80"]),
    ("[::]:80", ["[0:0:0:0:0:0:0:0]:80", "[0::0]:80", "[::0]:80"]),
    ("::1", ["[::1]", "0:0:0:0:0:0:0:1"]),
    ("fd00::1", ["FD00::1", "fd00:0:0::0:1"]),
    // The longest run of zeros; the first of equal ones; never one group alone.
    ("[2001:0:0:1::1]:1", ["[2001:0:0:1:0:0:0:1]:1", "[2001::1:0:0:0:1]:1"]),
    ("[2001:db8::1:0:0:1]:1", ["[2001:db8:0:0:1:0:0:1]:1", "[2001:db8:0:0:1::1]:1"]),
    ("[2001:db8:0:1:1:1:1:1]:1", ["[2001:db8::1:1:1:1:1]:1"]),
    ("[1::]:1", ["[1:0:0:0:0:0:0:0]:1", "[1::0]:1"]),
    (
      "10.0.0.1:80",
      ["[::ffff:10.0.0.1]:80", "[::FFFF:0a00:0001]:80", "[0:0:0:0:0:ffff:a00:1]:80", "10.0.0.1:080"]
    ),
    ("10.0.0.1", ["::ffff:10.0.0.1", "[::ffff:a00:1]"]),
    // A zone is a name of its own, kept as it is.
    ("[fe80::1%eth0]:80", ["[FE80::1%eth0]:80", "[fe80:0::1%eth0]:80"]),
    ("fe80::1%3", ["[fe80::1%3]", "FE80::0001%3"]),
    // An IPv4-compatible address is none of those (RFC 4291 2.5.5.1).
    ("[::a00:1]:80", ["[::10.0.0.1]:80"]),
  ]

  @Test(arguments: spellings.map(\.canonical), [0])
  func `spellings of one address are equal and print alike`(_ canonical: String, _: Int) throws {
    let address = try #require(SocketAddress(canonical))
    #expect(address.description == canonical)
    for other in Self.spellings.first(where: { $0.canonical == canonical })?.others ?? [] {
      #expect(SocketAddress(other) == address, "\(other)")
      #expect(SocketAddress(other)?.description == canonical, "\(other)")
    }
  }

  @Test func `different addresses are different`() {
    let all = Set(Self.spellings.compactMap { SocketAddress($0.canonical) })
    #expect(all.count == Self.spellings.count)
  }

  @Test(arguments: [
    "", "-", ":", "::g", "[::1", "::1]", "[]:80", "[10.0.0.1]:80", "1:2:3", "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3", ":::", "1:2:3:4:5:6:7::8", "12345::", "::1.2.3", "::1.2.3.256", "::01.2.3.4", "1.2.3.4::",
    "[::1]:65536", "[::1]:", "[::1]80", "[::1]:8x", "fe80::1%", "fe80::1%a b", "[fe80::1%\u{1B}]:80",
    "010.0.0.1:80", "10.0.0.256:80", "10.0.0.1:80:80", "xx.xx.x.xx:80", "[xx::x]:80", "envoy://a/10.0.0.1:80",
    "/var/run/x.sock", "@x", "shop.example.com:80", "[::1]:000000000000080",
  ])
  func `other text is no address`(_ text: String) { #expect(SocketAddress(text) == nil) }

  @Test func `text of any length ends`() {
    for text in ["1:", "[", "::", "0", "%", "1.1."] {
      #expect(SocketAddress(String(repeating: text, count: 100_000)) == nil)
    }
  }

  private static let layout =
    #"[2026-11-23T02:20:21.123Z] "GET /x HTTP/1.1" 200 - via_upstream - "-" 0 1 2 3 "-" "curl" "#
    + #""08dc43e9-60c8-4f2f-910a-b727172ce311" "shop" "UP" outbound|80||shop.ns.svc.cluster.local LOCAL DOWN REMOTE - default"#

  /// In lines of text an address ends where its shape does: each spelling has it.
  @Test(arguments: spellings.flatMap { [$0.canonical] + $0.others })
  func `each spelling is read in a line of text`(_ text: String) throws {
    let line = ["UP", "LOCAL", "DOWN", "REMOTE"].reduce(Self.layout) {
      $0.replacing($1, with: text)
    }
    let tables = ParserTables()
    var parser = HopParser(tables: tables, logName: "a.log")
    var batch = HopBatch()
    let outcome = PaddedBytes.withCopy(of: Array(line.utf8)) {
      parser.parse($0, number: 1, into: &batch)
    }
    #expect(outcome == .hop(repaired: false), "\(line)")
  }
}
