import Foundation
import MeshweftKit
import TestSupport
import Testing
import TraceStore

/// What is stored of the log sets, beside what Foundation reads in the same lines.
@Suite struct `Every line of the log sets` {
  @Test(arguments: LogSetPlace.all)
  func `that is an access log line is a hop with its values, and no other is`(place: LogSetPlace) throws {
    try compare(try place.loadForTest(atMost: 2000))
  }

  @Test(.needsLargeSets, arguments: LogSetPlace.large.compactMap(\.inIstioJSON))
  func `of Istio's default JSON, too`(place: LogSetPlace) throws {
    try compare(try place.loadForTest(atMost: 2000))
  }

  private func compare(_ set: LogSet) throws {
    let mesh = try ScratchMesh()
    let summary = try mesh.feed(set.files)
    let expected = set.files.flatMap { file in
      file.lines.enumerated().compactMap { Facts(line: $0.element, number: $0.offset + 1, of: file.name) }
    }
    let found = try mesh.read { try $0.hops() }.map(Facts.init)
    let wrong = Set(found).symmetricDifference(expected)
    #expect(summary.counts.stored == Int64(expected.count))
    #expect(wrong.isEmpty, "\(wrong.sorted { ($0.source, $0.line) < ($1.source, $1.line) }.prefix(4))")
    #expect(found.count == expected.count)
  }
}

/// Values that every dialect of the log sets has.
private struct Facts: Hashable {
  var source: String
  var line: Int64
  var start: String
  var method: String?
  var path: String?
  var requestID: String?
  var upstreamHost: String?
  var code: Int64?
  var milliseconds: Double?
  var bytesSent: Int64?

  /// Nil where the line is no JSON object with a start.
  init?(line: [UInt8], number: Int, of log: String) {
    guard let object = try? JSONValue(parsing: line), let start = object["start_time"]?.string else {
      return nil
    }
    source = log
    self.line = Int64(number)
    self.start = start
    method = Facts.text(object["method"])
    path = Facts.text(object["path"])
    requestID = Facts.text(object["request_id"])
    upstreamHost = Facts.text(object["upstream_host"])
    code = Facts.number(object["response_code"]).map { Int64($0) }
    milliseconds = Facts.number(object["duration_us"]).map { $0 / 1000 } ?? Facts.number(object["duration"])
    bytesSent = Facts.number(object["bytes_sent"]).map { Int64($0) }
  }

  init(_ hop: StoredHop) {
    source = hop.source
    line = hop.line
    start = hop.startTime ?? ""
    method = hop.method
    path = hop.path
    requestID = hop.requestID
    upstreamHost = hop.upstreamHost
    code = hop.responseCode.map(Int64.init)
    milliseconds = hop.durationMicroseconds.map { Double($0) / 1000 }
    bytesSent = hop.bytesSent
  }

  private static func text(_ value: JSONValue?) -> String? {
    guard let text = value?.string, text != "-", !text.isEmpty else { return nil }
    return text
  }

  /// A number, or a string of one.
  private static func number(_ value: JSONValue?) -> Double? {
    value?.number ?? value?.string.flatMap(Double.init)
  }
}
