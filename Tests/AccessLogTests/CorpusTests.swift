import AccessLog
import Foundation
import Testing

@Suite(.needsCorpora)
struct `Real lines` {
  @Test(arguments: [
    ("elastic-istio-text.log", 8, "istio"), ("elastic-istio-cri.log", 8, "istio"),
    ("kiali-waypoint.log", 16, "istio"), ("envoy-flags-compose.log", 8, "envoy-details"),
  ])
  func `of text are read, every one`(file: String, count: Int, layout: String) throws {
    var reader = FateReader()
    let fates = try Corpora.lines("real-lines/\(file)").filter { !$0.isEmpty }.map { reader.read($0) }
    #expect(fates.filter { $0 == .text(layout) }.count == count, "\(fates)")
    #expect(fates.allSatisfy { $0 == .text(layout) || $0 == .skipped })
  }

  @Test func `of old releases are read`() throws {
    var reader = FateReader()
    let fates = try Corpora.lines("real-lines/engarde-old.log").filter { !$0.isEmpty }.map { reader.read($0) }
    #expect(fates == [.text("envoy"), .text("istio-1.1"), .text("istio-1.3")])
  }

  @Test func `broken by an inserted timestamp are rejected`() throws {
    var reader = FateReader()
    let line = try #require(try Corpora.lines("real-lines/kiali-broken-line.log").first)
    #expect(reader.read(line) == .rejected)
  }

  @Test(arguments: ["istio-json-http.log", "elastic-istio-json.log"])
  func `of JSON are left as they are, with most of their keys known`(file: String) throws {
    var reader = FateReader()
    for line in try Corpora.lines("real-lines/\(file)") where !line.isEmpty {
      guard case .object(let known) = reader.read(line) else {
        Issue.record("\(String(decoding: line, as: UTF8.self))")
        continue
      }
      #expect(known >= 14)
    }
  }

  @Test func `that are hostile never trap, and come to no text line`() throws {
    var reader = FateReader()
    for line in try Corpora.lines("hostile-lines/hostile.ndjson") {
      let found = reader.read(line)
      if case .text = found { Issue.record("text: \(String(decoding: line.prefix(200), as: UTF8.self))") }
    }
  }

  @Test func `of other programs are skipped`() throws {
    var rejected: [String] = []
    for file in [
      "docker_compose.0", "docker_compose_with_noise.0", "docker_compose_with_ts.0", "ansi.1",
      "rust_tracing.0",
      "muxed_syslog.0", "bad_access_log.0", "with_zones.0", "mixed_json2.json", "journald.json",
    ] {
      var reader = FateReader()
      for line in try Corpora.lines("lnav-logs/logfile_\(file)") {
        let found = reader.read(line)
        if found != .skipped {
          rejected.append("\(file) \(found): \(String(decoding: line.prefix(200), as: UTF8.self))")
        }
      }
    }
    #expect(rejected.isEmpty, "\(rejected.joined(separator: "\n"))")
  }
}
