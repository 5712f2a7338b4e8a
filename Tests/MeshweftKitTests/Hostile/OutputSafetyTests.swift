import AccessLog
@testable import MeshweftKit
import TestSupport
import Testing

/// Whatever logs hold, what is printed cannot move a cursor, hide text, break out of JSON or run in a spreadsheet.
@Suite struct `Hostile text in every form of output` {
  /// Everything that prints what logs hold, by name; made once.
  private static let outputs = Result { try print() }

  /// A database with every hostile text in hops, in traces, and in the names of logs.
  private static func mesh() throws -> (mesh: ScratchMesh, summary: IngestSummary) {
    let mesh = try ScratchMesh()
    var lines = try HostileLine.texts.map { try PlainLine.text($0.text) } + HostileLine.lines.map(\.bytes)
    if Checkout.exists(Checkout.corpora) { lines += try corpusLines() }
    let name = "ack1.def\u{1B}[31mault.po\u{202E}d.istio\rproxy.log"
    let summary = try mesh.feed([LogFile(name: name, lines: lines)], IngestOptions())
    return (mesh, summary)
  }

  private static func corpusLines() throws -> [[UInt8]] {
    let file = Checkout.corpora + "/hostile-lines/hostile.ndjson"
    let lines = try LogFile(reading: file).lines.filter { $0.count < 10_000 }
    let naughty = try JSONValue(parsing: try LogFile(reading: Checkout.corpora + "/blns/blns.json").bytes)
      .array
    // A string of each three: the list has many of a kind.
    let strings = (naughty ?? []).compactMap(\.string).enumerated().filter { $0.offset % 3 == 0 }
    return try lines + strings.map { try PlainLine.text($0.element) }
  }

  private struct Output: Sendable {
    var stored: Int64
    private(set) var parts: [(name: String, bytes: [UInt8])]

    mutating func append(_ part: (String, [UInt8])) { parts.append(part) }
    func part(_ name: String) -> [UInt8] { parts.first { $0.name == name }?.bytes ?? [] }
  }

  private static func print() throws -> Output {
    let (mesh, summary) = try mesh()
    var outputs = Output(
      stored: summary.counts.stored,
      parts: [("ingest", Array(summary.text.utf8)), ("ingest json", summary.json)])
    let sources = try SourceListing(database: mesh.database).read()
    for form in OutputForm.allCases {
      outputs.append(("hops \(form.rawValue)", try mesh.listing(form)))
      outputs.append(("sources \(form.rawValue)", sources.rendered(as: form)))
    }
    let traces = try TraceLookup(database: mesh.database).find("00000000-0000-4000-8000-000000000001")
    #expect(traces.count > 10)
    for trace in traces.prefix(60) {
      outputs.append(("trace", Array(TraceText(trace, explains: true).text.utf8)))
      outputs.append(("trace json", trace.json))
      outputs.append(("trace otlp", trace.otlp))
    }
    outputs.append(("export json", try mesh.export()))
    return outputs
  }

  @Test func `holds no control, bidi or invisible character`() throws {
    for (name, bytes) in try Self.outputs.get().parts {
      let text = try #require(String(validating: bytes, as: UTF8.self), "\(name) is not UTF-8")
      let harmful = Terminals.harm(in: text, isCSV: name.hasSuffix("csv"))
      #expect(harmful.isEmpty, "\(name): \(harmful)")
    }
  }

  @Test func `is JSON where it says so`() throws {
    let output = try Self.outputs.get()
    for (name, bytes) in output.parts where name.hasSuffix("json") || name.hasSuffix("otlp") {
      #expect(throws: Never.self, "\(name)") {
        // These two are one object on several lines.
        if ["hops json", "sources json"].contains(name) {
          _ = try JSONValue(parsing: bytes)
        } else {
          _ = try JSONValue.lines(bytes)
        }
      }
    }
    let report = try JSONValue(parsing: output.part("hops json"))
    #expect(report["hops"]?.array?.count == (try JSONValue.lines(output.part("hops ndjson")).count))
  }

  @Test func `is a line per hop in a table`() throws {
    let output = try Self.outputs.get()
    for form in ["hops table", "hops wide"] {
      #expect(output.part(form).count { $0 == 0x0A } == Int(output.stored) + 1)
    }
  }

  @Test func `is RFC 4180 in CSV, and no cell is a formula`() throws {
    let output = try Self.outputs.get()
    let records = try CSVRecords(parsing: String(decoding: output.part("hops csv"), as: UTF8.self)).records
    #expect(records.count == Int(output.stored) + 1)
    #expect(records.allSatisfy { $0.count == records[0].count })
    let active = records.joined().filter(CSVRecords.isFormula)
    #expect(active.isEmpty, "\(active.prefix(5))")
    let agents = Set(records.compactMap { $0[records[0].firstIndex(of: "user_agent") ?? 0] })
    #expect(agents.isSuperset(of: ["'=cmd|' /C calc'!A0", "'@SUM(1)", "a\",\"b\\r\\n\"c"]))
  }
}
