import Foundation
import TestSupport
import Testing

/// docs/schemas says what is in each JSON output, and real output has that and nothing else.
@Suite struct `JSON output keeps to docs/schemas` {
  private static let folder = Checkout.root + "/docs/schemas"

  /// A database of the sample logs and of lines that are odd in many ways.
  private static let mesh = Result {
    let folder = try ScratchFolder()
    let odd = [
      #"{"start_time":"2026-11-23T02:20:20Z","method":"GET","path":"/\u0000","request_id":"x","response_code":"-","duration":-1}"#,
      #"{"start_time":"9999-12-31T23:59:59Z","method":"GET","path":"/","request_id":"y","request_id":"z"}"#,
      #"{"start_time":"2026-11-23T02:20:21Z","response_flags":"UF,URX","response_code":503,"upstream_host":"[2001:db8::1]:443"}"#,
      "{\"start_time\":\"cut", "noise",
    ]
    try folder.write("odd.log", odd.joined(separator: "\n"))
    for file in try LogSetPlace.samples.load().thinned(to: 2000).files {
      try folder.write("logs/" + file.name, file.bytes)
    }
    let outcome = try Meshweft.run(["ingest", "logs", "odd.log"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return folder
  }

  private static func schema(_ name: String) throws -> JSONSchema {
    let file = folder + "/" + name.replacingOccurrences(of: "/", with: ".") + ".json"
    return JSONSchema(try JSONValue(parsing: Data(contentsOf: URL(filePath: file))))
  }

  private static let listings = [
    "hops", "sources", "paths", "load", "load --by source", "load --by service", "load --by proxy",
    "imbalance", "findings", "traces", "traces --sort slowest", "clocks", "doctor", "explain UF,URX", "check",
    "query --list",
    "query hops --param limit=5", "query legs",
  ]

  @Test(arguments: listings)
  func `in listings`(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let outcome = try Meshweft.run(words + ["-o", "json"], in: try Self.mesh.get())
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let value = try JSONValue(parsing: outcome.output)
    let name = try #require(value["schema"]?.string)
    #expect(try Self.schema(name).problems(with: value).prefix(5) == [])
  }

  /// A line is what stands among the rows of `-o json`.
  @Test(arguments: listings)
  func `row by row in NDJSON`(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let folder = try Self.mesh.get()
    let whole = try JSONValue(parsing: try Meshweft.run(words + ["-o", "json"], in: folder).output)
    let lines = try JSONValue.lines(try Meshweft.run(words + ["-o", "ndjson"], in: folder).output)
    guard case .object(let members) = whole else { throw NoRows() }
    #expect(members.values.compactMap(\.array) == [lines])
  }

  private struct NoRows: Error {}

  @Test(arguments: listings)
  func `and in CSV: as many records, each with every column`(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let folder = try Self.mesh.get()
    let lines = try JSONValue.lines(try Meshweft.run(words + ["-o", "ndjson"], in: folder).output)
    let records = CSV.records(try Meshweft.run(words + ["-o", "csv"], in: folder).outputText)
    let columns = try #require(records.first)
    #expect(Set(columns).count == columns.count && records.allSatisfy { $0.count == columns.count })
    // An imbalance is a service's, its records are hosts.
    if !command.hasPrefix("imbalance") { #expect(records.count == lines.count + 1) }
  }

  @Test func `in what is done, and how much of it`() throws {
    let folder = try ScratchFolder()
    let log = Checkout.foundingExample
    _ = try Meshweft.run(["ingest", "--no-correlate", log], in: folder)
    for words in [["correlate"], ["correlate"], ["correlate", "--all"], ["prune", "--older-than", "1h"]] {
      let outcome = try Meshweft.run(words + ["-o", "json"], in: folder)
      #expect(outcome.errorText.isEmpty)
      let value = try JSONValue(parsing: outcome.output)
      let name = try #require(value["schema"]?.string)
      #expect(try Self.schema(name).problems(with: value) == [])
    }
  }

  @Test func `in traces, one by one and exported`() throws {
    let folder = try Self.mesh.get()
    let schema = try Self.schema("meshweft.trace/1")
    let all = try Meshweft.run(["export", "traces", "--format", "ndjson"], in: folder)
    let traces = try JSONValue.lines(all.output)
    #expect(traces.count > 500)
    #expect(traces.flatMap(schema.problems).prefix(5) == [])
    let largest = try #require(
      traces.max { ($0["hops"]?.array?.count ?? 0) < ($1["hops"]?.array?.count ?? 0) })
    let id = try #require(largest["trace_id"]?.string)
    let one = try Meshweft.run(["trace", id, "-o", "json"], in: folder)
    #expect(try JSONValue.lines(one.output).contains(largest))
  }

  @Test func `in what an ingest says`() throws {
    let folder = try ScratchFolder()
    try folder.write("a.log", "{\"start_time\":\"cut\n")
    let schema = try Self.schema("meshweft.ingest/1")
    for inputs in [[Checkout.foundingExample], ["a.log", "nowhere.log"], []] {
      let outcome = try Meshweft.run(["ingest", "--no-correlate", "-o", "json"] + inputs, in: folder)
      #expect(schema.problems(with: try JSONValue(parsing: outcome.output)) == [])
    }
  }

  @Test func `and nothing else is said to be JSON`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder).sorted()
    let known =
      // The page of `meshweft report` holds its own; its tests hold it to that.
      ["ingest", "trace", "flags", "report", "correlate", "prune", "queries"]
      + Self.listings.compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(Set(names).isSubset(of: known.map { "meshweft.\($0).1.json" }))
  }
}
