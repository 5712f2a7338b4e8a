import Foundation
import TestSupport
import Testing

@testable import MeshweftKit

/// Requests whose every text is hostile, seen from both ends, through every report in every form.
@Suite struct `Hostile text in every report` {
  private static let outputs = Result { try print() }

  private struct Output: Sendable {
    var name: String
    var bytes: [UInt8]
    var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// A client's and a server's line of one request, the text wherever a stranger can put it.
  private static func lines(_ number: Int, _ text: String) throws -> (client: [UInt8], server: [UInt8]) {
    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    let service = String(decoding: try JSONEncoder().encode("outbound|8000||\(text)"), as: UTF8.self)
    let digits = String(number + 1000)
    var members = [
      "path", "user_agent", "authority", "x_forwarded_for", "route_name", "response_code_details",
    ]
    .reduce(into: [String: String]()) { $0[$1] = quoted }
    members["request_id"] = "\"00000000-0000-4000-8000-00000000\(digits)\""
    members["start_time"] =
      "\"2026-11-23T01:\(digits.suffix(4).prefix(2)):\(digits.suffix(2).prefix(1))3.456Z\""
    members["response_code"] = number.isMultiple(of: 2) ? "503" : "200"
    members["response_flags"] = number.isMultiple(of: 2) ? "\"UC\"" : "\"-\""
    if number.isMultiple(of: 3) { members["method"] = quoted }
    var client = members.merging(["upstream_cluster": service, "duration": "50"]) { $1 }
    if number.isMultiple(of: 5) { client["upstream_host"] = quoted }
    let server = members.merging([
      "upstream_cluster": "\"inbound|80||\"", "requested_server_name": quoted, "duration": "20",
      "downstream_local_address": "\"10.0.0.2:80\"",
    ]) { $1 }
    return (PlainLine.json(client), PlainLine.json(server))
  }

  private static func mesh() throws -> ScratchMesh {
    let mesh = try ScratchMesh()
    let texts = HostileLine.texts.map(\.text)
    let pairs = try texts.enumerated().map { try lines($0.offset, $0.element) }
    let client = LogFile(
      name: "a\u{1B}[31m\"c\\k1.def\u{202E}ault.sleep\r-1.istio-proxy.log", lines: pairs.map(\.client))
    let server = LogFile(name: "=ack2.default.@SUM(1)<b>.istio-proxy.log", lines: pairs.map(\.server))
    try mesh.feed([client, server], IngestOptions())
    return mesh
  }

  private static func reports(_ database: String) -> [(String, any Reporting<OutputForm>)] {
    let load = LoadOptions.Grouping.allCases.map { grouping in
      var options = LoadOptions()
      options.grouping = grouping
      return (
        "load by \(grouping)", LoadReport(database: database, options: options) as any Reporting<OutputForm>
      )
    }
    return load + [
      ("imbalance", ImbalanceReport(database: database, options: ImbalanceOptions())),
      ("findings", FindingsReport(database: database, options: FindingsOptions())),
      ("hops", HopListing(database: database)), ("paths", PathsReport(database: database)),
      ("traces", TraceSearch(database: database, options: TraceSearchOptions())),
      ("clocks", ClockReport(database: database)), ("doctor", Doctor(database: database)),
      ("queries", QueryList()), ("flags", FlagGuide(flags: "")),
      ("sources", SourceListing(database: database)),
    ]
  }

  private static func print() throws -> [Output] {
    let mesh = try mesh()
    let database = mesh.database
    var outputs: [Output] = []
    let query = try UserQuery(database: database, name: "hops", parameters: [])
    for (name, report) in reports(database) + [("query hops", query as any Reporting<OutputForm>)] {
      for form in OutputForm.allCases {
        outputs.append(Output(name: "\(name) \(form.rawValue)", bytes: try report.rendered(as: form)))
      }
    }
    let graph = GraphReport(database: database)
    let page = HTMLReport(database: database, options: HTMLReportOptions())
    let others: [(String, [UInt8])] = [
      ("dot", try graph.rendered(as: .dot)), ("mermaid", try graph.rendered(as: .mermaid)),
      ("metrics", try OpenMetrics(database: database).rendered(as: .openMetrics)),
      ("check", Array(try StoreCheck(database: database).problems().joined(separator: "\n").utf8)),
      ("html", try page.rendered(as: .html)), ("export ndjson", try mesh.export()),
    ]
    return outputs + others.map(Output.init)
  }

  private static func output(_ name: String) throws -> String {
    try #require(try outputs.get().first { $0.name == name }).text
  }

  @Test func `is there: nothing is clean because nothing was printed`() throws {
    for name in ["load by host csv", "imbalance json", "traces table", "metrics", "html"] {
      #expect(try Self.output(name).contains("alert(1)"), "\(name)")
    }
    for name in ["paths table", "dot", "doctor table"] {
      #expect(try Self.output(name).contains("u{1B}"), "\(name)")
    }
  }

  @Test func `holds no control, bidi or invisible character`() throws {
    for output in try Self.outputs.get() {
      let text = try #require(String(validating: output.bytes, as: UTF8.self), "\(output.name)")
      let harm = Terminals.harm(in: text, isCSV: output.name.hasSuffix("csv"))
      #expect(harm.isEmpty, "\(output.name): \(harm)")
    }
  }

  @Test func `is JSON where it says so`() throws {
    for output in try Self.outputs.get() where output.name.hasSuffix("json") {
      #expect(throws: Never.self, "\(output.name)") {
        if output.name.hasSuffix("ndjson") {
          _ = try JSONValue.lines(output.bytes)
        } else {
          _ = try JSONValue(parsing: output.bytes)
        }
      }
    }
  }

  @Test func `is RFC 4180 in CSV, and no cell is a formula`() throws {
    for output in try Self.outputs.get() where output.name.hasSuffix("csv") {
      let records = try CSVRecords(parsing: output.text).records
      #expect(records.allSatisfy { $0.count == records[0].count }, "\(output.name)")
      let active = records.joined().filter(CSVRecords.isFormula)
      #expect(active.isEmpty, "\(output.name): \(active.prefix(3))")
    }
  }

  @Test func `is OpenMetrics for Prometheus`() throws {
    #expect(OpenMetricsText.firstWrongLine(try Self.output("metrics")) == nil)
  }

  @Test func `stays within the quotes of DOT and Mermaid`() throws {
    let signs = Set(" -_>=,;.()[]{}|\n").union(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    for (name, escapes) in [("dot", true), ("mermaid", false)] {
      let rest = outsideQuotes(try Self.output(name), escapes: escapes)
      #expect(rest.allSatisfy(signs.contains), "\(name): \(rest.filter { !signs.contains($0) })")
      #expect(!rest.contains("alert"))
    }
    // Mermaid hands labels to a browser: there is no markup in them either.
    #expect(!(try Self.output("mermaid").contains { $0 == "<" || $0 == "&" || $0 == "`" }))
  }

  @Test func `is a string of DOT in its names, whatever quotes and backslashes they hold`() {
    #expect(PathGraph.quoted(#"a"b\c"# + "\\") == #""a\"b\\c\\""#)
  }

  @Test func `is no markup in the page`() throws {
    let page = try Self.output("html").lowercased()
    #expect(page.split(separator: "<script", omittingEmptySubsequences: false).count == 3)
    #expect(page.split(separator: "</script", omittingEmptySubsequences: false).count == 3)
    for markup in ["<img", "<b>.", "<svg onload", "</style><"] {
      #expect(!page.contains(markup), "\(markup)")
    }
  }

  @Test func `cannot come in by the names of a query's columns`() throws {
    let folder = try ScratchFolder()
    let mesh = try ScratchMesh()
    try mesh.feed([LogFile(name: "plain.log", lines: [PlainLine.json()])], IngestOptions())
    let file = try folder.write("q.sql", "SELECT 1 AS \"=a\u{1B}[31m,\"\"b\", 2 AS \"\u{202E}c\"")
    let query = try UserQuery(database: mesh.database, name: file, parameters: [])
    for form in OutputForm.allCases {
      let text = String(decoding: try query.rendered(as: form), as: UTF8.self)
      #expect(Terminals.harm(in: text, isCSV: form == .csv).isEmpty, "\(form)")
    }
    let csv = String(decoding: try query.rendered(as: .csv), as: UTF8.self)
    #expect(!CSVRecords.isFormula(try CSVRecords(parsing: csv).records[0][0]))
  }
}
