import AccessLog
import Foundation
import Testing

/// Public test data that may stand beside the checkout (`../shared/corpora`); the tests below run only then.
enum Corpora {
  static let folder: URL? = {
    var folder = URL(filePath: #filePath).deletingLastPathComponent()
    while folder.pathComponents.count > 1 {
      let candidate = folder.appending(path: "shared/corpora")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
      folder.deleteLastPathComponent()
    }
    return nil
  }()

  static func lines(_ path: String) throws -> [[UInt8]] {
    let file = try #require(folder).appending(path: path)
    let bytes = [UInt8](try Data(contentsOf: file))
    return bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      line.last == 0x0D ? Array(line.dropLast()) : Array(line)
    }
  }
}

/// What becomes of a line with the text layouts and the names alone; the JSON scanner has tests of its own.
private enum Fate: Equatable {
  case text(String), object(Int), skipped, rejected, pending
}

private func fate(_ line: [UInt8], _ stripper: inout EnvelopeStripper, _ formats: inout TextFormats) -> Fate {
  let stripped = stripper.strip(line.span)
  let body: [UInt8]
  switch stripped.body {
  case .range(let range): body = Array(line[range])
  case .decoded: body = stripper.decoded
  case .pending: return .pending
  case .tooLong: return .rejected
  }
  var table = FieldTable()
  if let format = formats.match(body.span, into: &table) {
    return .text(TextFormats.builtInSources.first { $0.format == format.source }?.name ?? "")
  }
  guard var members = JSONMembers(in: body.span, at: 0) else {
    return Noise.classify(body.span) == .skipped ? .skipped : .rejected
  }
  var known = 0
  while let member = members.next(in: body.span) {
    if FieldNames.field(forKey: body.span.extracting(member.key)) != nil { known += 1 }
  }
  if members.isMalformed { return Noise.classify(body.span) == .skipped ? .skipped : .rejected }
  return known > 0 ? .object(known) : .skipped
}

@Suite(.enabled(if: Corpora.folder != nil, "shared/corpora is not beside the checkout"))
struct `Real lines` {
  @Test(arguments: [
    ("elastic-istio-text.log", 8, "istio"), ("elastic-istio-cri.log", 8, "istio"),
    ("kiali-waypoint.log", 16, "istio"), ("envoy-flags-compose.log", 8, "envoy-details"),
  ])
  func `of text are read, every one`(file: String, count: Int, layout: String) throws {
    var stripper = EnvelopeStripper()
    var formats = TextFormats()
    let fates = try Corpora.lines("real-lines/\(file)").filter { !$0.isEmpty }.map { fate($0, &stripper, &formats) }
    #expect(fates.filter { $0 == .text(layout) }.count == count, "\(fates)")
    #expect(fates.allSatisfy { $0 == .text(layout) || $0 == .skipped })
  }

  @Test func `of old releases are read`() throws {
    var stripper = EnvelopeStripper()
    var formats = TextFormats()
    let fates = try Corpora.lines("real-lines/engarde-old.log").filter { !$0.isEmpty }.map { fate($0, &stripper, &formats) }
    #expect(fates == [.text("envoy"), .text("istio-1.1"), .text("istio-1.3")])
  }

  @Test func `broken by an inserted timestamp are rejected`() throws {
    var stripper = EnvelopeStripper()
    var formats = TextFormats()
    let line = try #require(try Corpora.lines("real-lines/kiali-broken-line.log").first)
    #expect(fate(line, &stripper, &formats) == .rejected)
  }

  @Test(arguments: ["istio-json-http.log", "elastic-istio-json.log"])
  func `of JSON are left as they are, with most of their keys known`(file: String) throws {
    var stripper = EnvelopeStripper()
    var formats = TextFormats()
    for line in try Corpora.lines("real-lines/\(file)") where !line.isEmpty {
      guard case .object(let known) = fate(line, &stripper, &formats) else {
        Issue.record("\(String(decoding: line, as: UTF8.self))")
        continue
      }
      #expect(known >= 14)
    }
  }

  @Test func `that are hostile never trap, and come to no text line`() throws {
    var stripper = EnvelopeStripper()
    var formats = TextFormats()
    for line in try Corpora.lines("hostile-lines/hostile.ndjson") {
      let found = fate(line, &stripper, &formats)
      if case .text = found { Issue.record("text: \(String(decoding: line.prefix(200), as: UTF8.self))") }
    }
  }

  @Test func `of other programs are skipped`() throws {
    var rejected: [String] = []
    for file in ["docker_compose.0", "docker_compose_with_noise.0", "docker_compose_with_ts.0", "ansi.1", "rust_tracing.0",
      "muxed_syslog.0", "bad_access_log.0", "with_zones.0", "mixed_json2.json", "journald.json",
    ] {
      var stripper = EnvelopeStripper()
      var formats = TextFormats()
      for line in try Corpora.lines("lnav-logs/logfile_\(file)") {
        let found = fate(line, &stripper, &formats)
        if found != .skipped { rejected.append("\(file) \(found): \(String(decoding: line.prefix(200), as: UTF8.self))") }
      }
    }
    #expect(rejected.isEmpty, "\(rejected.joined(separator: "\n"))")
  }
}
