import Foundation
import TestSupport
import Testing

enum FieldLines {
  static let folder = Checkout.corpora + "/field-lines"

  static let names: [String] = {
    guard let index = try? String(contentsOfFile: folder + "/INDEX.tsv", encoding: .utf8) else { return [] }
    return index.split(separator: "\n").compactMap { $0.split(separator: "\t").first.map(String.init) }
  }()

  static func input(_ name: String) throws -> String? {
    let entries = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    return entries.first { $0.hasPrefix(name + ".") && !$0.hasSuffix(".expected.json") }
  }
}

/// The forms in which people have these logs, where they are there.
@Suite(.enabled(if: Checkout.exists(FieldLines.folder), "../shared/corpora/field-lines is not there"))
struct `Forms that people have` {
  @Test(arguments: FieldLines.names)
  func `each form gives its hops`(_ name: String) throws {
    let wanted = try JSONValue(
      parsing: Data(contentsOf: URL(filePath: FieldLines.folder + "/\(name).expected.json")))
    let input = try #require(try FieldLines.input(name))
    let scratch = try ScratchFolder()
    let arguments = wanted["args"]?.array?.compactMap(\.string) ?? []
    let ingest = try Meshweft.run(
      ["ingest", "-o", "json"] + arguments + [FieldLines.folder + "/" + input], in: scratch)
    if ingest.status == 2, wanted["note"]?.string?.contains("refuse") == true, !ingest.errors.isEmpty {
      return
    }
    let counts = try JSONValue(parsing: ingest.output)
    if case .object(let sums)? = wanted["counts"] {
      for (key, value) in sums { #expect(counts[key] == value, "\(key)") }
    }
    let listed = try Meshweft.run(["hops", "-o", "json", "--limit", "1000"], in: scratch)
    let hops = try JSONValue(parsing: listed.output)["hops"]?.array ?? []
    let expected = wanted["hops"]?.array ?? []
    #expect(hops.count == expected.count)
    for (hop, fields) in zip(hops, expected) {
      guard case .object(let fields) = fields else { continue }
      for (key, value) in fields where hop[key]?.number == nil || hop[key]?.number != value.number {
        #expect(hop[key] ?? .null == value, "\(key)")
      }
    }
  }
}
