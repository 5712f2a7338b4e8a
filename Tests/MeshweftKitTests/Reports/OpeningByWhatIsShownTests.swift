import TestSupport
import Testing
import TraceStore

@testable import MeshweftKit

/// Every trace and hop that an output shows can be opened by what it shows.
@Suite struct `What is shown of a trace or hop` {
  private static let ids = [
    "null", #""ab1""#, #""a\u202eb\u3164 \"q\"""#, #""=cmd""#, #""00000000""#, #""tab\there""#,
    #""back\\slash n\\n""#,
    #""00000000-0000-4000-8000-000000000001""#, #""DEADBEEF""#, #""東京""#,
  ]

  private static func made() throws -> ScratchMesh {
    let mesh = try ScratchMesh()
    let lines = ids.enumerated().map { index, id in
      PlainLine.json([
        "request_id": id, "start_time": "\"2026-11-23T01:02:0\(index).456Z\"", "path": "\"/\(index)\"",
      ])
    }
    try mesh.feed([LogFile(name: "a:b c.log", lines: lines)], IngestOptions())
    return mesh
  }

  /// The paths of the traces that a text opens.
  private static func opened(_ text: String, _ mesh: ScratchMesh) throws -> [String?] {
    try TraceLookup(database: mesh.database).find(text).map { $0.trace.hops.first?.path }
  }

  private static func rows(_ report: JSONValue, _ key: String) -> [JSONValue] { report[key]?.array ?? [] }

  @Test func `opens it: the ids of traces`() throws {
    let mesh = try Self.made()
    let report = try TraceSearch(database: mesh.database, options: TraceSearchOptions()).read()
    let traces = Self.rows(try JSONValue(parsing: report.rendered(as: .json)), "traces")
    #expect(traces.count == Self.ids.count)
    for trace in traces {
      let id = try #require(trace["trace_id"]?.string)
      for text in [id, String(id.prefix(12)), id.uppercased()] {
        #expect(try Self.opened(text, mesh) == [trace["path"]?.string], "\(text)")
      }
    }
  }

  @Test func `opens it: ids as they were logged and as they are escaped, place and start`() throws {
    let mesh = try Self.made()
    let csv = try CSVRecords(parsing: String(decoding: mesh.listing(.csv), as: UTF8.self)).records
    let id = try #require(csv[0].firstIndex(of: "request_id"))
    let hops = Self.rows(try JSONValue(parsing: mesh.listing(.json)), "hops")
    #expect(hops.count == Self.ids.count)
    for (hop, record) in zip(hops, csv.dropFirst()) {
      let path = [hop["path"]?.string]
      for text in [hop["request_id"]?.string, record[id]] {
        guard let text, !text.isEmpty else { continue }
        #expect(try Self.opened(text, mesh) == path, "\(text)")
      }
      let line = try #require(hop["line"]?.integer)
      let start = try #require(hop["start_time"]?.string)
      for text in ["a:b c.log:\(line)", start] {
        #expect(try Self.opened(text, mesh) == path, "\(text)")
      }
    }
  }

  @Test func `opens it: a place that is another line's id, too`() throws {
    let mesh = try ScratchMesh()
    let lines = ["00000000-0000-4000-8000-000000000001", "a.log:1"].enumerated().map { index, id in
      PlainLine.json([
        "request_id": "\"\(id)\"", "start_time": "\"2026-11-23T01:02:0\(index).456Z\"",
        "path": "\"/\(index)\"",
      ])
    }
    try mesh.feed([LogFile(name: "a.log", lines: lines)], IngestOptions())
    #expect(try Self.opened("a.log:1", mesh) == ["/0", "/1"])
    #expect(try Self.opened("a.log:2", mesh) == ["/1"])
  }

  @Test func `opens it: keys and spans`() throws {
    let mesh = try Self.made()
    for hop in try mesh.read({ try $0.hops() }) {
      #expect(try Self.opened(String(hop.id), mesh) == [hop.path])
      #expect(try Self.opened(String(UInt64(hop.id) | 1 << 63, radix: 16), mesh) == [hop.path])
    }
  }

  @Test func `that is the whole of one id is that one, although others begin with it`() throws {
    let mesh = try Self.made()
    #expect(try Self.opened("00000000", mesh) == ["/4"])
    #expect(try Self.opened("00000000-", mesh) == ["/7"])
    #expect(throws: TraceLookupError.self) { try Self.opened("a.log:99", mesh) }
    #expect(throws: TraceLookupError.self) { try Self.opened("abc", mesh) }
  }
}
