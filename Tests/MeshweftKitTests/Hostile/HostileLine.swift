import Foundation

/// A line that means harm, or that no well-behaved proxy writes, and what it must become.
struct HostileLine: Sendable, CustomStringConvertible {
  enum Fate: String, Sendable { case hop, skipped, rejected }

  var name: String
  var bytes: [UInt8]
  var fate: Fate = .hop
  /// What the hop is marked with.
  var anomalies: [String] = []

  var description: String { name }

  init(_ name: String, _ bytes: some Sequence<UInt8>, _ fate: Fate = .hop, _ anomalies: [String] = []) {
    self.name = name
    self.bytes = Array(bytes)
    self.fate = fate
    self.anomalies = anomalies
  }
}

/// A well-formed line to be spoilt.
enum PlainLine {
  /// Keys and JSON values in Envoy's order.
  private static let members: [(key: String, value: String)] = [
    ("authority", "\"a.b\""), ("bytes_received", "0"), ("bytes_sent", "10"),
    ("downstream_local_address", "\"10.0.0.3:80\""), ("downstream_remote_address", "\"10.0.0.1:2\""),
    ("duration", "5"), ("method", "\"GET\""), ("path", "\"/p\""), ("protocol", "\"HTTP/1.1\""),
    ("request_id", "\"00000000-0000-4000-8000-000000000001\""), ("requested_server_name", "null"),
    ("response_code", "200"), ("response_flags", "\"-\""), ("start_time", "\"2026-11-23T01:02:03.456Z\""),
    ("upstream_cluster", "\"outbound|80||a.b.svc.cluster.local\""), ("upstream_host", "\"10.0.0.2:80\""),
    ("upstream_local_address", "\"10.0.0.1:1\""), ("user_agent", "\"curl/8\""),
    ("x_forwarded_for", "\"10.0.0.1\""),
  ]

  /// The line with some values replaced by other JSON, and more members at its end.
  static func json(_ changes: [String: String] = [:], adding more: String = "") -> [UInt8] {
    let body = members.map { "\"\($0.key)\":\(changes[$0.key] ?? $0.value)" }.joined(separator: ",")
    return Array("{\(body)\(more)}".utf8)
  }

  /// The line with text in the places that callers of a mesh can fill: path, agent, authority and two more.
  static func text(_ text: String) throws -> [UInt8] {
    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    return json([
      "path": quoted, "user_agent": quoted, "authority": quoted, "x_forwarded_for": quoted,
      "requested_server_name": quoted,
    ])
  }
}

extension HostileLine {
  /// Text that does harm where it is shown: to terminals, browsers, spreadsheets, readers, SQL.
  static let texts: [(name: String, text: String)] = [
    ("cursor and colour", "\u{1B}[2J\u{1B}[1;31mPWNED\u{1B}[0m"), ("window title", "/\u{1B}]0;owned\u{07}"),
    ("clipboard", "\u{1B}]52;c;ZXZpbA==\u{07}"), ("8-bit CSI", "\u{9B}31mred"),
    ("overwriting", "ok\rfake line"),
    ("second line", "/a\n2026-11-23T01:02:03Z forged"), ("right to left", "abc\u{202E}gpj.exe"),
    ("isolates", "\u{2066}a\u{2069}"), ("zero width", "pay\u{200B}ments"), ("NUL", "a\u{0}b"),
    ("DEL", "a\u{7F}b"), ("Hangul fillers", "a\u{3164}b\u{115F}c\u{1160}d\u{FFA0}e"),
    ("joiner and selectors", "a\u{34F}b\u{FE0F}c\u{E0100}d\u{180B}e"), ("tags", "a\u{E0041}\u{E007F}b"),
    ("blank signs", "a\u{2800}b\u{1D159}c\u{16FE4}d\u{FFFC}e"), ("odd spaces", "a\u{A0}b\u{3000}c\u{200A}d"),
    ("markup", "/<img src=x onerror=alert(1)>"), ("end of script", "</script><script>alert(1)</script>"),
    ("line separator", "/\u{2028}alert(1)\u{2029}"), ("formula", "=cmd|' /C calc'!A0"), ("plus", "+1+1"),
    ("minus", "-1+1"), ("at", "@SUM(1)"), ("tab", "\t=1"), ("quotes of CSV", "a\",\"b\r\n\"c"),
    ("SQL", "/x'; DROP TABLE hop;--"), ("LIKE", "%_%"), ("GLOB", "*[a-z]?"),
    ("file name", "../../../etc/passwd"),
    ("backslashes", #"\\x41\u0041\"#), ("emoji", "👩‍👩‍👧‍👦 🇩🇪"), ("wide", "日本語 ﷽"), ("combining", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L"),
  ]

  /// Lines that are odd in themselves.
  static let lines: [HostileLine] = [
    HostileLine("plain", PlainLine.json()),
    HostileLine(
      "forged by a second key", PlainLine.json(adding: #","response_code":500"#), .hop, ["duplicate_key"]),
    HostileLine(
      "an SNI that no host has", PlainLine.json(["requested_server_name": #""outbound_.80_._.a b<i>.svc""#]),
      .hop, ["odd_name"]),
    HostileLine("half a surrogate", PlainLine.json(["path": #""/\ud800""#]), .hop, ["replaced_text"]),
    HostileLine(
      "not UTF-8", replacing("curl/8", with: [0x61, 0xFF, 0xC0, 0xAF]), .hop, ["replaced_text"]),
    HostileLine("a raw NUL", replacing("curl/8", with: [0x61, 0, 0x62]), .rejected),
    HostileLine("a negative duration", PlainLine.json(["duration": "-5"]), .hop, ["bad_number"]),
    HostileLine(
      "more than 64 bits", PlainLine.json(["duration": "99999999999999999999"]), .hop, ["bad_number"]),
    HostileLine("not a number", PlainLine.json(["duration": "NaN"]), .rejected),
    HostileLine("no start", PlainLine.json(["start_time": "null"]), .rejected),
    HostileLine("month 13", PlainLine.json(["start_time": #""2026-13-01T00:00:00Z""#]), .rejected),
    HostileLine("a cut line", PlainLine.json().dropLast(100), .rejected),
    HostileLine("an empty object before another", Array("{}".utf8) + PlainLine.json(), .rejected),
    HostileLine("deep", PlainLine.json(adding: ",\"x\":" + nested(20_000)), .rejected),
    HostileLine("longer than the limit", PlainLine.json(["path": "\"\(long(2 << 20))\""]), .rejected),
    HostileLine(
      "a value of 100 000 bytes", PlainLine.json(["path": "\"\(long(100_000))\""]), .hop, ["cut_value"]),
    HostileLine(
      "another component", #"{"level":"info","time":"2026-11-23T01:02:03Z","msg":"x"}"#.utf8, .skipped),
    HostileLine("an array", "[1,2,3]".utf8, .skipped), HostileLine("nothing", "".utf8, .skipped),
  ]

  private static func nested(_ levels: Int) -> String {
    String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
  }

  private static func long(_ count: Int) -> String { String(repeating: "a", count: count) }

  /// The plain line with bytes in place of text.
  private static func replacing(_ text: String, with bytes: [UInt8]) -> [UInt8] {
    var line = PlainLine.json()
    guard let found = line.firstRange(of: Array(text.utf8)) else { return line }
    line.replaceSubrange(found, with: bytes)
    return line
  }
}
