import enum AccessLog.PageLimits
import Foundation
import TestSupport
import Testing

@testable import MeshweftKit

@Suite struct `The report of the sample logs` {
  private let mesh: ScratchMesh
  private var database: String { mesh.database }

  init() throws {
    mesh = try ScratchMesh()
    try mesh.feed(LogSetPlace.samples.load().files, IngestOptions())
  }

  private func json(_ change: (inout HTMLReportOptions) -> Void = { _ in }) throws -> JSONValue {
    var options = HTMLReportOptions()
    change(&options)
    return try JSONValue(parsing: try HTMLReport(database: database, options: options).read().json)
  }

  @Test func `has the shape that docs say`() throws {
    let path = Checkout.root + "/docs/schemas/meshweft.report.1.json"
    let schema = JSONSchema(try JSONValue(parsing: try Data(contentsOf: URL(filePath: path))))
    let problems = schema.problems(with: try json())
    #expect(problems.isEmpty, "\(problems.prefix(5))")
  }

  @Test func `is the same every time`() throws {
    let pages = try (0..<2).map { _ in
      try HTMLReport(database: database, options: HTMLReportOptions()).rendered(as: .html)
    }
    #expect(pages[0] == pages[1])
  }

  @Test func `says when it was made, where that is known`() throws {
    #expect(try json()["generated_ms"] == .null)
    #expect(try json { $0.generatedAt = 1_795_400_000_123_456 }["generated_ms"]?.integer == 1_795_400_000_123)
  }

  @Test func `says what doctor says, of the service that was asked for`() throws {
    let said = try JSONValue(parsing: try Doctor(database: database).rendered(as: .json))
    #expect(try json()["doctor"] == said["findings"])
    #expect(try json()["doctor"]?.array?.isEmpty == false)
    let others = try json { $0.service = "details" }["doctor"]?.array ?? []
    #expect(!others.contains { $0["subject"]?.string?.hasPrefix("httpbin") ?? false })
  }

  @Test func `concludes what findings concludes, of the service that was asked for`() throws {
    for service in [nil, "httpbin.default"] {
      var options = FindingsOptions()
      options.service = service
      let said = try JSONValue(
        parsing: Data(try FindingsReport(database: database, options: options).rendered(as: .json)))
      #expect(said["findings"]?.array?.isEmpty == false)
      let page = try json { $0.service = service }
      #expect(page["conclusions"] == said["findings"] && page["conclusions_omitted"]?.integer == 0)
    }
  }

  @Test func `has the requests and failures of paths`() throws {
    let paths = try PathsReport(database: database).summary().paths
    let shown = try #require(try json()["paths"]?.array)
    #expect(shown.compactMap { $0["requests"]?.integer } == paths.map(\.requests))
    #expect(shown.compactMap { $0["failures"]?.integer } == paths.map(\.failures))
  }

  @Test func `has every duration of every path`() throws {
    for path in try #require(try json()["paths"]?.array) {
      let client = path["client"]?.array?.compactMap(\.integer) ?? []
      let counted = stride(from: 1, to: client.count, by: 2).reduce(Int64(0)) { $0 + client[$1] }
      #expect(counted == path["requests"]?.integer)
    }
  }

  @Test func `has the attempts of load, by the second`() throws {
    let load = try #require(try json()["load"])
    #expect(load["time"]?["width_s"]?.integer == 1)
    var counted: Int64 = 0
    for row in load["rows"]?.array ?? [] {
      let numbers = (row.array ?? []).compactMap(\.integer)
      for place in stride(from: 3, to: numbers.count, by: 4) { counted += numbers[place] }
    }
    var options = LoadOptions()
    options.bucket = try BucketWidth("1h")
    let rows = try LoadReport(database: database, options: options).read().rows
    let said = rows.reduce(into: Int64(0)) { sum, row in
      if case .integer(let requests) = row[4] { sum += requests }
    }
    #expect(counted == said)
  }

  @Test func `names each trace once, and its links in words`() throws {
    let report = try json()
    let traces = try #require(report["traces"]?.array)
    #expect(Set(traces.compactMap { $0["id"]?.string }).count == traces.count)
    for list in ["slowest", "failed"] {
      let numbers = report[list]?.array?.compactMap(\.integer) ?? []
      #expect(!numbers.isEmpty && numbers.count <= PageLimits.traces)
      #expect(numbers.allSatisfy { traces.indices.contains(Int($0)) })
      #expect(Set(numbers).count == numbers.count)
    }
    let linked = traces.flatMap { $0["hops"]?.array ?? [] }.filter { $0["parent"]?.integer != nil }
    #expect(!linked.isEmpty && linked.allSatisfy { $0["why"]?.array?.isEmpty == false })
  }

  @Test func `of one service is about that service`() throws {
    let report = try json { $0.service = "details.default" }
    #expect(
      report["services"]?.array?.compactMap(\.string) == ["details.default.svc.cluster.local:8000"])
    #expect(report["imbalance"]?.array?.count == 1)
  }

  @Test func `of a time without requests has none, and is a page nevertheless`() throws {
    let report = try json { $0.window.until = "2001-01-01T00:00:00Z" }
    #expect(report["paths"]?.array?.isEmpty == true)
    #expect(report["window"]?["first_ms"]?.isNull == true)
    #expect(report["traces"]?.array?.isEmpty == true)
  }

  @Test func `is small enough to be attached to a ticket`() throws {
    #expect(
      try HTMLReport(database: database, options: HTMLReportOptions()).rendered(as: .html).count < 1_000_000)
  }
}

@Suite struct `A report of hostile lines` {
  @Test(arguments: HostileLine.texts.map(\.text)) func `holds the text as text`(_ text: String) throws {
    let mesh = try ScratchMesh()
    let log = LogFile(name: "ack1.default.sleep-x.istio-proxy.log", lines: [try PlainLine.text(text)])
    try mesh.feed([log], IngestOptions())
    var options = HTMLReportOptions()
    options.title = text
    let page = try HTMLReport(database: mesh.database, options: options).rendered(as: .html)
    let written = String(decoding: page, as: UTF8.self)
    #expect(written.components(separatedBy: "<script").count == 3)
    #expect(written.components(separatedBy: "</script").count == 3)
    #expect(page.allSatisfy { $0 >= 0x20 || $0 == 0x0A })
    let raw = written.unicodeScalars.first { $0 != "\n" && !Shown.isHarmless($0) }
    #expect(raw == nil)
    let report = try JSONValue(parsing: HTMLReport(database: mesh.database, options: options).read().json)
    let path = report["traces"]?.array?.first?["hops"]?.array?.first?["path"]?.string
    #expect(path == text || text.unicodeScalars.count > PageLimits.textCharacters)
  }
}
