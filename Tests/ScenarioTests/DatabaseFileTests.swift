import Foundation
import TestSupport
import Testing

@Suite struct `A database` {
  private static let log = Checkout.sampleLogs + "/founding-example.log"

  private static func made(in folder: ScratchFolder) throws -> [UInt8] {
    #expect(try Meshweft.run(["ingest", log], in: folder).status == 0)
    return try folder.bytes("meshweft.db")
  }

  /// Commands that read, write, and rewrite.
  private static let commands = [
    ["ingest", log], ["hops"], ["sources"], ["trace", "08dc43e9"], ["correlate", "--all"],
    ["export", "traces"],
  ]

  /// Every command refuses the file with these words, and leaves it and its folder as they were.
  private static func expectRefusal(of bytes: [UInt8], saying words: String) throws {
    let folder = try ScratchFolder()
    try folder.write("meshweft.db", bytes)
    for command in commands {
      let outcome = try Meshweft.run(command, in: folder)
      #expect(outcome.status == 2, "\(command)")
      #expect(outcome.errorText.contains(words), "\(command): \(outcome.errorText)")
      #expect(outcome.output.isEmpty)
      #expect(try folder.bytes("meshweft.db") == bytes)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["meshweft.db"])
    }
  }

  @Test func `of another program is refused untouched`() throws {
    var bytes = try Self.made(in: try ScratchFolder())
    bytes.replaceSubrange(68..<72, with: [0x0F, 0x05, 0x51, 0x12])
    try Self.expectRefusal(of: bytes, saying: "belongs to another program")
  }

  @Test func `of a newer meshweft is refused untouched`() throws {
    var bytes = try Self.made(in: try ScratchFolder())
    bytes.replaceSubrange(60..<64, with: [0, 0, 3, 0xE7])
    try Self.expectRefusal(of: bytes, saying: "has schema 999")
  }

  @Test func `that is none is refused untouched`() throws {
    try Self.expectRefusal(of: Array("a list of things to buy\n".utf8), saying: "is not a SQLite database")
  }

  @Test func `in a folder that is not there is named`() throws {
    let folder = try ScratchFolder()
    for command in [["ingest", Self.log], ["hops"]] {
      let outcome = try Meshweft.run(command + ["--db", "nowhere/x.db"], in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errorText.contains("nowhere/x.db"))
    }
  }

  @Test func `that another process writes is waited for, and not for ever`() throws {
    let folder = try ScratchFolder()
    _ = try Self.made(in: folder)
    let holder = try WriteLock(on: folder.file("meshweft.db"))
    let outcome = try Meshweft.run(["ingest", Self.log], in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("another process was writing"), "\(outcome.errorText)")
    #expect(try Meshweft.run(["hops"], in: folder).status == 0)
    holder.release()
    #expect(try Meshweft.run(["ingest", Self.log], in: folder).status == 0)
  }
}
