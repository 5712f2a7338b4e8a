import Foundation
import TestSupport
import Testing

@Suite struct `A database` {
  private static let log = Checkout.foundingExample

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

  @Test func `that cannot be one is named, and nothing is made of it`() throws {
    let folder = try ScratchFolder()
    for place in [folder.path, "/dev/null", "/dev/full", ""] {
      for command in [["ingest", Self.log], ["hops"], ["correlate"], ["check"]] {
        let outcome = try Meshweft.run(command + ["--db", place], in: folder)
        #expect(outcome.status == 2, "\(command) \(place)")
        #expect(outcome.errorText.contains("Name a file with --db"), "\(outcome.errorText)")
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test(arguments: [
    "a b?#%41&c=d.db", ":memory:", "file:x.db?mode=memory", "-x.db", "é\u{1B}[31m\n.db", "'; DROP TABLE.db",
  ])
  func `of any name is a file of that name`(name: String) throws {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", "--db=\(name)", Self.log], in: folder).status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
    let hops = try Meshweft.run(["hops", "-o", "ndjson", "--db=\(name)"], in: folder)
    #expect(hops.output.count { $0 == 0x0A } == 2)
  }

  @Test func `behind a link is the one that it leads to`() throws {
    let folder = try ScratchFolder()
    for target in ["real.db", "not-yet.db"] {
      if target == "real.db" {
        #expect(try Meshweft.run(["ingest", "--db", target, Self.log], in: folder).status == 0)
      }
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("link-" + target), withDestinationPath: target)
      #expect(try Meshweft.run(["ingest", "--db", "link-" + target, Self.log], in: folder).status == 0)
      #expect(try Meshweft.run(["check", "--db", target], in: folder).status == 0)
      #expect(
        try Meshweft.run(["hops", "-o", "ndjson", "--db", target], in: folder).output.count { $0 == 0x0A }
          == 2)
    }
  }

  @Test func `that is damaged can be salvaged, and the logs add the rest`() throws {
    let folder = try ScratchFolder()
    let log = Checkout.sampleLogs + "/ack1.default.details-rnlhv88x7s-x2mwh.istio-proxy.log.gz"
    #expect(try Meshweft.run(["ingest", log], in: folder).status == 0)
    let whole = try Meshweft.run(["hops", "-o", "ndjson"], in: folder).output
    var bytes = try folder.bytes("meshweft.db")
    for page in stride(from: 50, to: bytes.count / 4096, by: 9) {
      bytes.replaceSubrange(page * 4096..<page * 4096 + 64, with: [UInt8](repeating: 0xA5, count: 64))
    }
    try folder.write("meshweft.db", bytes)
    let check = try Meshweft.run(["check"], in: folder)
    #expect(check.status == 2)
    let salvage = try Meshweft.run(["check", "--salvage", "new.db"], in: folder)
    #expect(salvage.status == 0, "\(salvage.errorText)")
    #expect(salvage.errorText.contains("hops saved"))
    #expect(try folder.bytes("meshweft.db") == bytes)
    #expect(try Meshweft.run(["check", "--salvage", "new.db"], in: folder).status == 64)
    #expect(try Meshweft.run(["check", "--db", "new.db"], in: folder).status == 0)
    #expect(try Meshweft.run(["ingest", "--db", "new.db", log], in: folder).status == 0)
    let again = try Meshweft.run(["hops", "-o", "ndjson", "--db", "new.db"], in: folder).output
    #expect(again.count { $0 == 0x0A } == whole.count { $0 == 0x0A })
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
