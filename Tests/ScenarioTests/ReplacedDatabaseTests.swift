import Foundation
import TestSupport
import Testing

/// What somebody does to a database's files while it is written.
@Suite struct `A database that is changed under an ingest` {
  private static let log = Result { try LogFile(reading: sample) }
  private static let sample =
    Checkout.sampleLogs + "/ack1.default.details-rnlhv88x7s-x2mwh.istio-proxy.log.gz"
  private static let other = Checkout.foundingExample

  private static func hops(_ database: String, in folder: ScratchFolder) throws -> Int {
    let outcome = try Meshweft.run(["hops", "-o", "ndjson", "--db", database], in: folder)
    return outcome.status == 0 ? outcome.output.count { $0 == 0x0A } : 0
  }

  @Test(arguments: [
    "mv other.db meshweft.db", "rm meshweft.db", "mv meshweft.db moved.db", "rm meshweft.db*",
    "cp other.db new.db; mv new.db meshweft.db", "rm meshweft.db-wal",
    "mv meshweft.db moved.db; ln -s other.db meshweft.db",
  ])
  func `is noticed, and nothing is claimed`(change: String) throws {
    let folder = try ScratchFolder()
    let lines = try Self.log.get().lines
    #expect(try Meshweft.run(["ingest", "--db", "other.db", Self.other], in: folder).status == 0)
    let child = try Meshweft.start(["ingest", "-o", "json", "-"], in: folder)
    child.send(lines[0] + [0x0A])
    let deadline = Date.now + ChildProcess.patience
    while try Self.hops("meshweft.db", in: folder) < 1, Date.now < deadline {}
    #expect(try Meshweft.runShell(change, in: folder).status == 0)
    for line in lines[1..<4] { child.send(line + [0x0A]) }
    let outcome = try child.wait()
    #expect(outcome.status == 2, "\(outcome.errorText)")
    #expect(outcome.output.isEmpty, "nothing may be claimed")
    #expect(outcome.errorText.contains("was moved, deleted or replaced"), "\(outcome.errorText)")
    // What was committed before is where it was, and what came into its place is as it was.
    if change.contains("moved.db") { #expect(try Self.hops("moved.db", in: folder) >= 1) }
    for database in ["other.db", "meshweft.db", "moved.db"] {
      guard FileManager.default.fileExists(atPath: folder.file(database)) else { continue }
      let check = try Meshweft.run(["check", "--db", database], in: folder)
      #expect(check.status == 0, "\(database): \(check.errorText)")
    }
    if change.contains("other.db") { #expect(try Self.hops("meshweft.db", in: folder) == 2) }
  }

  /// At many moments: the new database is not there, or whole.
  @Test func `and one that is being salvaged appears whole or not at all`() throws {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", Self.sample], in: folder).status == 0)
    let whole = try Self.hops("meshweft.db", in: folder)
    for step in 0..<(Checkout.wantsAll ? 60 : 15) {
      let child = try Meshweft.start(["check", "--salvage", "new.db"], in: folder)
      Thread.sleep(forTimeInterval: 0.02 * Double(step))
      child.signal(SIGKILL)
      _ = try child.wait()
      guard FileManager.default.fileExists(atPath: folder.file("new.db")) else { continue }
      #expect(try Self.hops("new.db", in: folder) == whole, "step \(step)")
      #expect(try Meshweft.run(["check", "--db", "new.db"], in: folder).status == 0)
      try FileManager.default.removeItem(atPath: folder.file("new.db"))
    }
    #expect(try Meshweft.run(["check", "--salvage", "new.db"], in: folder).status == 0)
    #expect(try Self.hops("new.db", in: folder) == whole)
  }

  @Test func `leaves nothing beside it where there is nothing to save`() throws {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", Self.other], in: folder).status == 0)
    var bytes = try folder.bytes("meshweft.db")
    for page in 1..<bytes.count / 4096 {
      bytes.replaceSubrange(page * 4096..<page * 4096 + 4096, with: [UInt8](repeating: 0, count: 4096))
    }
    try folder.write("meshweft.db", bytes)
    #expect(try Meshweft.run(["check", "--salvage", "new.db"], in: folder).status == 2)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["meshweft.db"])
  }
}

/// Names that are no UTF-8 given as arguments, and few files at once.
@Suite struct `A file's name that is no text` {
  private static let sample = Checkout.foundingExample

  /// Two that differ only in bytes that are no UTF-8 are two files.
  @Test func `is that of the file that is meant, in every option`() throws {
    let folder = try ScratchFolder()
    let script = """
      set -e
      a=$'caf\\xe9\\xff.db'; b=$'caf\\xe9\\xfe.db'
      meshweft ingest --db "$a" '\(Self.sample)'
      cp '\(Self.sample)' $'log\\xfe.log'; echo '10.0.0.1:80' >$'list\\xfe'; echo 'SELECT 1' >$'q\\xfe.sql'
      echo 'request_id: request_id' >$'map\\xfe.yaml'
      MESHWEFT_DB="$b" meshweft ingest --field-map $'map\\xfe.yaml' --db="$b" $'log\\xfe.log'
      test -f "$a" && test -f "$b"
      for db in "$a" "$b"; do
        test "$(meshweft hops --db "$db" -o ndjson | wc -l)" = 2
        MESHWEFT_DB="$db" meshweft check
      done
      meshweft report --db "$a" -o $'page\\xfe.html'; test -f $'page\\xfe.html'
      meshweft check --db "$a" --salvage $'new\\xfe.db'; test -f $'new\\xfe.db'
      meshweft imbalance httpbin --db "$a" --endpoints $'list\\xfe' >/dev/null
      meshweft query --db "$a" $'q\\xfe.sql' >/dev/null
      meshweft prune --db "$a" --older-than 1d
      ls | wc -l
      """
    let outcome = try Meshweft.runShell(script, in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.outputText.hasSuffix("\n8\n") || outcome.outputText == "8\n", "\(outcome.outputText)")
    let refused = try Meshweft.runShell(
      "meshweft report --db $'caf\\xe9\\xff.db' -o $'caf\\xe9\\xfe.db'", in: folder)
    #expect(refused.status == 64)
    let missing = try Meshweft.runShell("meshweft hops --db $'\\xfe.db'", in: folder)
    #expect(missing.errorText.contains(#"\xFE.db: no such database"#), "\(missing.errorText)")
  }
}

@Suite(.disabled(if: Checkout.isSanitized, "sanitizers open files of their own"))
struct `With few files open at once` {
  /// Each is opened when the ones before it are closed.
  @Test(arguments: [5, 6, 7, 8, 9, 10, 12, 14, 16, 17, 18, 19, 20, 24, 40])
  func `all is read, or it is said`(limit: Int) throws {
    let folder = try ScratchFolder()
    let logs = try FileManager.default.contentsOfDirectory(atPath: Checkout.sampleLogs).count {
      $0.contains(".log")
    }
    let whole = try Meshweft.run(
      ["ingest", "-o", "json", "--db", "whole.db", Checkout.sampleLogs], in: folder)
    let outcome = try Meshweft.runShell(
      "ulimit -n \(limit); exec meshweft ingest -o json '\(Checkout.sampleLogs)'", in: folder)
    if limit < 18 {
      #expect(outcome.status == 2, "\(outcome.errorText)")
      #expect(outcome.errorText.contains("ulimit -n"), "\(outcome.errorText)")
      let report = try Meshweft.runShell("ulimit -n \(limit); exec meshweft hops --db whole.db", in: folder)
      #expect(report.status == 2 && report.errorText.contains("ulimit -n"), "\(report.errorText)")
    } else {
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(logs > 6)
      #expect(
        try JSONValue(parsing: outcome.output)["stored"] == JSONValue(parsing: whole.output)["stored"])
    }
  }
}
