import Foundation
import MeshweftKit
import TestSupport
import Testing

/// What goes in as text comes out as the same text, byte for byte, in JSON.
@Suite struct `Text round-trips through hops -o json` {
  static let keys = ["path", "user_agent", "authority", "x_forwarded_for", "requested_server_name"]

  @Test func `where it is hostile`() throws { try check(HostileLine.texts.map(\.text)) }

  @Test(.needsCorpora) func `where it is naughty, all of the big list`() throws {
    let bytes = try Data(contentsOf: URL(filePath: Checkout.corpora + "/blns/blns.json"))
    let strings = try JSONValue(parsing: bytes).array ?? []
    #expect(strings.count > 500)
    try check(strings.compactMap(\.string))
  }

  @Test(.needsCorpora) func `in the lines of the hostile corpus that Foundation can read`() throws {
    let bytes = try Data(contentsOf: URL(filePath: Checkout.corpora + "/hostile-lines/hostile.ndjson"))
    var lines = bytes.split(separator: 0x0A).map { Array($0) }.filter { $0.count < 60_000 }
    lines.removeAll { String(decoding: $0, as: UTF8.self).contains("\u{FFFD}") }
    try check(lines: lines)
  }

  private func check(_ texts: [String]) throws {
    let lines = try texts.enumerated().map { index, text in
      let line = try JSONValue(parsing: PlainLine.text(text))
      #expect(line["path"]?.string.map { Array($0.utf8) } == Array(text.utf8))
      // Equal texts are lines of their own.
      return try PlainLine.text(text) + [UInt8](repeating: 0x20, count: index % 7)
    }
    try check(lines: lines)
  }

  private func check(lines: [[UInt8]]) throws {
    let mesh = try ScratchMesh()
    try mesh.feed([LogFile(name: "texts.log", lines: lines)])
    let report = try JSONValue(parsing: try mesh.listing(.json))
    let hops = try #require(report["hops"]?.array)
    let byLine = Dictionary(grouping: hops, by: { $0["line"]?.integer ?? 0 })
    #expect(hops.count > lines.count * 3 / 4)
    for (index, line) in lines.enumerated() {
      guard let hop = byLine[Int64(index) + 1]?.first, let object = try? JSONValue(parsing: line) else {
        continue
      }
      for key in Self.keys {
        let given = object[key]?.string.flatMap { $0.isEmpty || $0 == "-" ? nil : Array($0.utf8) }
        #expect(hop[key]?.string.map { Array($0.utf8) } == given, "\(key) of line \(index + 1)")
      }
    }
  }
}
