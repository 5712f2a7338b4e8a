@testable import MeshweftKit
import TestSupport
import Testing

/// Filters take what was typed as text: bound in SQL, never a part of it.
@Suite struct `Hostile text in every filter` {
  private static let texts =
    HostileLine.texts.map(\.text) + ["%", "_", "' OR 1=1 --", "\" OR \"\"=\"", "*", "[", "?"]

  private static func mesh() throws -> ScratchMesh {
    let mesh = try ScratchMesh()
    let log = LogFile(name: "plain.log", lines: [PlainLine.json()])
    try mesh.feed([log], IngestOptions())
    return mesh
  }

  @Test func `finds no service that is not so called`() throws {
    let mesh = try Self.mesh()
    for text in Self.texts {
      var options = HopListingOptions()
      options.service = text
      let error = #expect(throws: UsageError.self, "\(text)") { try mesh.listing(.ndjson, options) }
      #expect(error?.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } == true)
    }
    var options = HopListingOptions()
    options.service = "a.b"
    #expect(try JSONValue.lines(mesh.listing(.ndjson, options)).count == 1)
  }

  @Test func `finds no source but by the rules of GLOB`() throws {
    let mesh = try Self.mesh()
    for text in Self.texts {
      var options = HopListingOptions()
      options.source = text
      let expected = ["*", "*[a-z]?"].contains(text) ? 1 : 0
      #expect(try JSONValue.lines(mesh.listing(.ndjson, options)).count == expected, "\(text)")
    }
  }

  @Test func `names no trace, and is harmless in the message that says so`() throws {
    let mesh = try Self.mesh()
    for text in Self.texts + ["00000000", "0000000_", "0000000%"] where text != "00000000" {
      let error = #expect(throws: TraceLookupError.self) {
        try TraceLookup(database: mesh.database).find(text)
      }
      #expect(
        "\(error.map(String.init(describing:)) ?? "")".unicodeScalars.allSatisfy {
          $0.value >= 0x20 && $0.value != 0x7F
        })
    }
    #expect(try TraceLookup(database: mesh.database).find("00000000").count == 1)
  }

  @Test func `is a mistake of the user's where a status or a time is due`() throws {
    let mesh = try Self.mesh()
    for text in Self.texts {
      #expect(throws: UsageError.self) { try StatusFilter(text) }
      var options = HopListingOptions()
      options.window.since = text
      #expect(throws: UsageError.self) { try mesh.listing(.ndjson, options) }
      options = HopListingOptions()
      options.window.until = text
      #expect(throws: UsageError.self) { try mesh.listing(.ndjson, options) }
    }
  }
}
