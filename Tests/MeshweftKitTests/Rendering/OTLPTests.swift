@testable import MeshweftKit
import TestSupport
import Testing

/// The JSON mapping of opentelemetry-proto (docs/specification.md, "JSON Protobuf Encoding"): keys in lowerCamelCase,
/// ids in hex, 64-bit integers as strings, enums as numbers.
@Suite struct `A trace as OTLP` {
  /// Some traces of the sample logs, as OTLP and as the project's own JSON.
  private static let traces = Result { () -> [(otlp: JSONValue, own: JSONValue)] in
    let mesh = try ScratchMesh()
    try mesh.feed(LogSetPlace.samples.load().thinned(to: 2000).files, IngestOptions())
    let ids = try JSONValue.lines(mesh.export()).compactMap { $0["trace_id"]?.string }
    return try stride(from: 0, to: ids.count, by: 10).map { index in
      let view = try #require(try TraceLookup(database: mesh.database).find(ids[index]).first)
      #expect(view.otlp == (try TraceLookup(database: mesh.database).find(ids[index]).first?.otlp))
      return (try JSONValue(parsing: view.otlp), try JSONValue(parsing: view.json))
    }
  }

  private static func spans(_ trace: JSONValue) -> [JSONValue] {
    (trace["resourceSpans"]?.array ?? []).flatMap { $0["scopeSpans"]?.array ?? [] }.flatMap {
      $0["spans"]?.array ?? []
    }
  }

  private static func isHex(_ value: JSONValue?, _ digits: Int) -> Bool {
    guard let text = value?.string, text.count == digits else { return false }
    return text.allSatisfy { "0123456789abcdef".contains($0) } && text.contains { $0 != "0" }
  }

  @Test func `has ids in hex, each span's its own, and parents that are there`() throws {
    for (otlp, own) in try Self.traces.get() {
      let spans = Self.spans(otlp)
      let ids = spans.compactMap { $0["spanId"]?.string }
      #expect(spans.allSatisfy { $0["traceId"] == own["trace_id"] && Self.isHex($0["traceId"], 32) })
      #expect(spans.allSatisfy { Self.isHex($0["spanId"], 16) })
      #expect(Set(ids).count == spans.count)
      let parents = spans.compactMap { $0["parentSpanId"]?.string }
      #expect(parents.allSatisfy { ids.contains($0) })
      #expect(spans.count { $0["parentSpanId"] == nil } == 1)
    }
  }

  @Test func `has a span for each request and none for a connection, which is an event`() throws {
    for (otlp, own) in try Self.traces.get() {
      let requests = (own["hops"]?.array ?? []).filter { $0["carrier"] != nil }
      let spans = Self.spans(otlp)
      #expect(spans.count == requests.count)
      let events = spans.flatMap { $0["events"]?.array ?? [] }
      let carriers = requests.flatMap { $0["via"]?.array ?? [] }
      #expect(events.count == carriers.count)
      #expect(events.allSatisfy { $0["name"]?.string == "carrier" && Self.isNumber($0["timeUnixNano"]) })
    }
  }

  /// A 64-bit integer, in the mapping's way.
  private static func isNumber(_ value: JSONValue?) -> Bool { value?.string.flatMap { UInt64($0) } != nil }

  @Test func `has times and 64-bit numbers as strings, and enums as numbers`() throws {
    for (otlp, _) in try Self.traces.get() {
      for span in Self.spans(otlp) {
        #expect(Self.isNumber(span["startTimeUnixNano"]) && Self.isNumber(span["endTimeUnixNano"]))
        #expect(1...5 ~= span["kind"]?.integer ?? 0)
        #expect(0...2 ~= span["status"]?["code"]?.integer ?? -1)
        for attribute in span["attributes"]?.array ?? [] {
          guard case .object(let value)? = attribute["value"], let (kind, text) = value.first else {
            Issue.record("\(attribute)")
            continue
          }
          #expect(value.count == 1 && attribute["key"]?.string?.isEmpty == false)
          #expect(
            kind == "stringValue" ? text.string != nil : kind == "intValue" && Int64(text.string ?? "") != nil
          )
        }
      }
    }
  }
}
