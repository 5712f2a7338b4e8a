import Foundation
import GRDB
import TestSupport
import Testing

/// The database's own files where other files are meant.
@Suite struct `A database's own files` {
  private static let sample = Checkout.foundingExample

  private static func made(_ name: String = "meshweft.db") throws -> ScratchFolder {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", "--db", name, sample], in: folder).status == 0)
    return folder
  }

  /// To open and close them would drop SQLite's locks: a reader who is the next to end would remove the log that is being
  /// written. So the hops of an ingest are counted with readers beside it that come, link what is new, and go.
  @Test func `are no inputs, and nothing is lost with readers beside`() throws {
    for attempt in 0..<(Checkout.wantsAll ? 12 : 3) {
      let folder = try ScratchFolder()
      #expect(
        try Meshweft.run(["ingest", "--db", "logs/x.log", Self.sample], in: try Self.withLogs(folder)).status
          == 0)
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("logs/link.log"), withDestinationPath: "x.log")
      try FileManager.default.linkItem(
        atPath: folder.file("logs/x.log"), toPath: folder.file("logs/hard.log"))
      let child = try Meshweft.start(
        ["ingest", "-o", "json", "--db", "logs/x.log", "logs", "logs/x.log", "-"], in: folder)
      for part in 0..<4 {
        child.send(try Self.manyLines(part * 500..<part * 500 + 500))
        for _ in 0..<3 {
          let reader = try Meshweft.run(["paths", "--db", "logs/x.log"], in: folder)
          #expect(reader.status == 0, "\(reader.errorText)")
        }
      }
      let outcome = try child.wait()
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(try JSONValue(parsing: outcome.output)["stored"] == .integer(2000))
      for name in ["x.log", "link.log", "hard.log"] {
        #expect(
          outcome.errorText.contains("logs/\(name) left out: it is the database itself"),
          "\(outcome.errorText)")
      }
      let hops = try Meshweft.run(["hops", "-o", "ndjson", "--db", "logs/x.log"], in: folder)
      #expect(hops.output.count { $0 == 0x0A } == 2002, "attempt \(attempt)")
      #expect(try Meshweft.run(["check", "--db", "logs/x.log"], in: folder).status == 0)
    }
  }

  private static func withLogs(_ folder: ScratchFolder) throws -> ScratchFolder {
    try folder.write("logs/empty.log", "")
    return folder
  }

  @Test func `are left out where a shell's pattern names them, and through standard input`() throws {
    let folder = try Self.made()
    try folder.write("a.log", LogFile(reading: Self.sample).bytes)
    // Somebody has it open, so that its log and that one's index are there, too.
    let queue = try DatabaseQueue(path: folder.file("meshweft.db"))
    _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hop") }
    let outcome = try Meshweft.runShell("meshweft ingest -o json *", in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try JSONValue(parsing: outcome.output)["lines"] == .integer(2))
    for name in ["meshweft.db", "meshweft.db-wal", "meshweft.db-shm"] {
      #expect(outcome.errorText.contains("\(name) left out"), "\(outcome.errorText)")
    }
    for input in ["- <meshweft.db", "/dev/stdin <meshweft.db", "/proc/self/fd/5 5<meshweft.db"] {
      let outcome = try Meshweft.runShell("meshweft ingest -o json \(input)", in: folder)
      #expect(outcome.status == 0)
      #expect(outcome.errorText.contains("left out"), "\(input): \(outcome.errorText)")
      #expect(try JSONValue(parsing: outcome.output)["lines"] == .integer(0))
    }
    try queue.close()
    #expect(try Meshweft.run(["check"], in: folder).status == 0)
  }

  @Test(arguments: [
    "imbalance --endpoints meshweft.db", "query meshweft.db", "ingest --field-map meshweft.db a.log",
    "ingest --field-map link a.log",
  ])
  func `are no lists and no statements`(command: String) throws {
    let folder = try Self.made()
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: "meshweft.db")
    let outcome = try Meshweft.runShell("meshweft \(command)", in: folder)
    #expect(outcome.status == 64, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("it is the database itself"), "\(outcome.errorText)")
  }

  /// A page is written over by the next one; what is none may be somebody's only copy of it.
  @Test func `that are no pages are not written over by one`() throws {
    let folder = try Self.made()
    for (name, text) in [("notes.txt", "mine\n"), ("a.log", "{}\n")] {
      try Data(text.utf8).write(to: URL(filePath: folder.file(name)))
      let outcome = try Meshweft.run(["report", "-o", name], in: folder)
      #expect(outcome.status == 64, "\(name): \(outcome.errorText)")
      #expect(try folder.bytes(name) == Array(text.utf8))
    }
    for _ in 0..<2 {
      #expect(try Meshweft.run(["report", "-o", "page.html"], in: folder).status == 0)
    }
  }

  /// Also those of other databases, and those that are not there yet.
  @Test func `are not written over`() throws {
    let folder = try Self.made()
    #expect(try Meshweft.run(["ingest", "--db", "other.db", Self.sample], in: folder).status == 0)
    let queue = try DatabaseQueue(path: folder.file("other.db"))
    try queue.writeWithoutTransaction { try $0.execute(sql: "CREATE TABLE other (x)") }
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: "meshweft.db")
    try FileManager.default.createSymbolicLink(atPath: folder.file("link2"), withDestinationPath: "link")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link3"), withDestinationPath: "meshweft.db-wal")
    try FileManager.default.linkItem(atPath: folder.file("meshweft.db"), toPath: folder.file("hard"))
    let before = try folder.bytes("meshweft.db")
    let others = ["other.db", "other.db-wal"].map { try? folder.bytes($0) }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    for target in [
      "meshweft.db", "./meshweft.db", "link", "link2", "link3", "hard", "meshweft.db-wal", "meshweft.db-shm",
      "meshweft.db-journal", "other.db", "other.db-wal", "\(folder.path)/meshweft.db",
    ] {
      for command in [["report", "-o", target], ["check", "--salvage", target]] {
        let outcome = try Meshweft.run(command, in: folder)
        #expect(outcome.status == 64, "\(command): \(outcome.errorText)")
      }
    }
    for redirection in [">>meshweft.db", ">>link", "2>>meshweft.db", "1<>hard"] {
      #expect(try Meshweft.runShell("meshweft hops \(redirection)", in: folder).status == 2, "\(redirection)")
    }
    #expect(try Meshweft.run(["ingest", "--db", "meshweft.db-journal", Self.sample], in: folder).status == 2)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names)
    // What is sent into it by a shell is a message that stands behind its pages.
    #expect(try folder.bytes("meshweft.db").starts(with: before))
    #expect(["other.db", "other.db-wal"].map { try? folder.bytes($0) } == others)
    try queue.close()
    #expect(try Meshweft.run(["check"], in: folder).status == 0)
  }

  private static func manyLines(_ numbers: Range<Int>) throws -> [UInt8] {
    let line = String(decoding: try LogFile(reading: sample).lines[0], as: UTF8.self)
    let range = try #require(line.range(of: #""request_id":"[0-9a-f]{8}"#, options: .regularExpression))
    let (head, tail) = (line[..<range.lowerBound], line[range.upperBound...])
    var text = ""
    for number in numbers {
      text += head + "\"request_id\":\"" + String(0x1000_0000 + number, radix: 16) + tail + "\n"
    }
    return Array(text.utf8)
  }
}
