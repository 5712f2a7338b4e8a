import Foundation
import TestSupport
import Testing

/// A log that is fed today as `x.log` and tomorrow as `x.log.1` is one log.
@Suite struct `A rotated log` {
  private static let sample = Checkout.foundingExample

  private static func stored(_ outcome: ChildProcess.Outcome) throws -> [Int64?] {
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let summary = try JSONValue(parsing: outcome.output)
    return [summary["stored"]?.integer, summary["duplicate"]?.integer]
  }

  @Test(arguments: ["x.log", "0.log", "ack1.default.sleep-0.istio-proxy.log", "access_log"])
  func `adds nothing under the names that it gets`(name: String) throws {
    for ending in [".1", ".2.gz", "-20240523", "-20240523.gz", ".20240523-100627", ".20240523-100627.gz"] {
      let folder = try ScratchFolder()
      let bytes = try LogFile(reading: Self.sample).bytes
      let rotated = ending.hasSuffix(".gz") ? try Gzip.pack(bytes) : bytes
      try folder.write(name, bytes)
      try folder.write(name + ending, rotated)
      #expect(try Self.stored(Meshweft.run(["ingest", "-o", "json", name], in: folder)) == [2, 0])
      #expect(
        try Self.stored(Meshweft.run(["ingest", "-o", "json", name + ending], in: folder)) == [0, 2],
        "\(ending)")
      let both = ["ingest", "-o", "json", "--db", "both.db", name, name + ending]
      #expect(try Self.stored(Meshweft.run(both, in: folder)) == [2, 2], "\(ending)")
    }
  }

  /// The name that a log has in exports is that of its file.
  @Test func `is shown by the name under which its lines came first`() throws {
    let folder = try ScratchFolder()
    try folder.write("x.log.1", LogFile(reading: Self.sample).bytes)
    #expect(try Meshweft.run(["ingest", "x.log.1"], in: folder).status == 0)
    let hops = try JSONValue.lines(Meshweft.run(["hops", "-o", "ndjson"], in: folder).output)
    #expect(hops.allSatisfy { $0["source"]?.string == "x.log.1" })
  }

  @Test func `of another pod stays another log`() throws {
    let folder = try ScratchFolder()
    let bytes = try LogFile(reading: Self.sample).bytes
    let names = [
      "web-1.log", "web-2.log", "web-1", "web-2", "web.1", "web.2", "c.n.web-1.p.log", "c.n.web-2.p.log.1",
    ]
    for name in names { try folder.write(name, bytes) }
    let outcome = try Meshweft.run(["ingest", "-o", "json"] + names, in: folder)
    #expect(try Self.stored(outcome) == [Int64(2 * names.count), 0])
  }

  @Test func `is read of a folder`() throws {
    let folder = try ScratchFolder()
    let bytes = try LogFile(reading: Self.sample).bytes
    for name in ["a.log", "a.log-20240523", "b.log.1", "notes.txt"] {
      try folder.write("logs/" + name, bytes)
    }
    let outcome = try Meshweft.run(["ingest", "-o", "json", "logs"], in: folder)
    #expect(try Self.stored(outcome) == [4, 2])
  }
}
