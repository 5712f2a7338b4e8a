import Testing

@testable import AccessLog

/// A format of the user's own is looked for in what an envelope holds, whatever it begins with.
@Suite struct `A line of the user's own format` {
  private static let rest =
    "%REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE% %DURATION% %REQ(X-REQUEST-ID)% %UPSTREAM_HOST%"
  private static let values = "GET /a/7 200 5 id-7 10.1.1.1:80"
  private static let time = "2026-12-01T15:00:07.250Z"

  /// A format, and a line of it.
  private static let formats = [
    ("[%START_TIME%] " + rest, "[\(time)] " + values),
    ("ACCESS [%START_TIME%] " + rest, "ACCESS [\(time)] " + values),
    ("T=%START_TIME% " + rest, "T=\(time) " + values),
    (rest + " %START_TIME%", values + " " + time),
    ("%START_TIME% " + rest, time + " " + values),
    ("\"%REQ(:METHOD)%\" %REQ(:PATH)% %RESPONSE_CODE% %START_TIME% %DURATION%", "\"GET\" /a/7 200 \(time) 5"),
    ("%START_TIME(%s.%3f)% " + rest, "1796137207.250 " + values),
  ]

  private static let stamp = "2026-12-01T15:00:09.123456789Z"

  private static func quoted(_ line: String) -> String { line.replacing("\"", with: "\\\"") }

  /// What tools make of a line.
  private static let envelopes: [(name: String, wrap: @Sendable (String) -> String)] = [
    ("nothing", { $0 }),
    ("kubectl --timestamps", { "\(stamp) \($0)" }),
    ("kubectl --prefix", { "[pod/web-1/istio-proxy] \($0)" }),
    ("kubectl --prefix --timestamps", { "[pod/web-1/istio-proxy] \(stamp) \($0)" }),
    ("a container runtime", { "\(stamp) stdout F \($0)" }),
    ("stern", { "web-1 istio-proxy \($0)" }),
    ("stern -A", { "shop web-1 istio-proxy \($0)" }),
    ("stern -t", { "web-1 istio-proxy \(stamp) \($0)" }),
    ("docker compose", { "web-1  | \($0)" }),
    ("kubetail", { "[web-1 istio-proxy] \($0)" }),
    ("kail", { "shop/web-1[istio-proxy]: \($0)" }),
    ("syslog", { "<14>1 2025-03-04T08:15:02.431Z vm1 envoy 123 - - \($0)" }),
    ("journalctl", { "Mar 04 08:15:02 vm1 envoy[123]: \($0)" }),
    ("fluentd", { "2026-12-01T15:00:09Z\tkubernetes.var\t\($0)" }),
    ("Fluent Bit's file", { "kube.var.log.web: [1741076102.431000, \($0)]" }),
    ("a time and a tab", { "\(stamp)\t\($0)" }),
    ("Docker", { #"{"log":"\#(quoted($0))\n","stream":"stdout","time":"\#(stamp)"}"# }),
    ("logcli", { #"{"labels":{"pod":"web-1"},"line":"\#(quoted($0))","timestamp":"\#(stamp)"}"# }),
    (
      "Fluent Bit",
      { #"{"message":"","log":"\#(quoted($0))","kubernetes":{"pod_name":"web-1","namespace_name":"shop"}}"# }
    ),
    (
      "Fluent Bit, of a runtime's line",
      { #"{"log":"\#(stamp) stdout F \#(quoted($0))","kubernetes":{"pod_name":"web-1"}}"# }
    ),
    ("Cloud Logging", { #"{"textPayload":"\#(quoted($0))","resource":{"labels":{"pod_name":"web-1"}}}"# }),
  ]

  @Test(arguments: formats) func `is read in every envelope`(source: String, line: String) throws {
    for (name, wrap) in Self.envelopes {
      let tables = ParserTables()
      var parser = HopParser(tables: tables, logName: nil, format: try TextFormat(source))
      var batch = HopBatch()
      let outcomes = (1...2).map { number in
        PaddedBytes.withCopy(of: Array(wrap(line).utf8)) {
          parser.parse($0, number: number, into: &batch)
        }
      }
      #expect(outcomes == [.hop(repaired: false), .hop(repaired: false)], "\(name): \(wrap(line))")
      for row in batch.rows {
        #expect(row.startMicroseconds == 1_796_137_207_250_000, "\(name)")
        #expect(row.durationMicroseconds == 5000, "\(name)")
      }
      tables.finish(&batch)
      let texts = (0..<batch.texts.count).map { String(decoding: batch.texts[$0], as: UTF8.self) }
      #expect(texts.contains("GET"), "\(name): \(texts)")
    }
  }

  @Test func `that is cut or another one is no hop`() throws {
    let format = try TextFormat("T=%START_TIME% " + Self.rest)
    for line in [
      "T=\(Self.time) GET /a", "\(Self.stamp) started", "web-1 istio-proxy T=", "[pod/web-1/x] T=x y",
    ] {
      let tables = ParserTables()
      var parser = HopParser(tables: tables, logName: nil, format: format)
      var batch = HopBatch()
      _ = PaddedBytes.withCopy(of: Array(line.utf8)) { parser.parse($0, number: 1, into: &batch) }
      #expect(batch.rows.isEmpty, "\(line)")
    }
  }
}
