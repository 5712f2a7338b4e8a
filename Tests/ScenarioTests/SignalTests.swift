import Foundation
import TestSupport
import Testing

/// Commands that have nothing to commit.
@Suite struct `A signal to a report` {
  private static let sample = Checkout.foundingExample
  /// They go on for ever, one without a word.
  private static let silent =
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c WHERE n < 0"
  private static let endless = silent.replacing("WHERE n < 0", with: "WHERE n > 0")

  private static func made() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", sample], in: folder).status == 0)
    _ = try folder.write("silent.sql", Array(silent.utf8))
    _ = try folder.write("endless.sql", Array(endless.utf8))
    return folder
  }

  private static let files: Set<String> = ["meshweft.db", "silent.sql", "endless.sql"]

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `ends it in the middle of a statement, and leaves nothing behind`(number: Int32) throws {
    let folder = try Self.made()
    let child = try Meshweft.start(["query", "silent.sql"], in: folder)
    Thread.sleep(forTimeInterval: 1)
    child.signal(number)
    let outcome = try child.wait()
    #expect(outcome.status == 128 + Int(number))
    #expect(outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome.errorText)")
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder.path)) == Self.files)
  }

  @Test func `ends it where nobody reads what it writes`() throws {
    let folder = try Self.made()
    let outcome = try Meshweft.runShell(
      """
      mkfifo pipe; exec 3<>pipe
      env --default-signal=TERM meshweft query endless.sql -o csv >pipe & child=$!
      sleep 2; kill -TERM $child; wait $child; echo $?
      """, in: folder)
    #expect(outcome.outputText == "143\n", "\(outcome.errorText)")
  }

  /// A script's background job ignores SIGINT, nohup SIGHUP: what the parent had ignored is not for this one to take.
  @Test func `that a parent had ignored stays ignored`() throws {
    let folder = try Self.made()
    let outcome = try Meshweft.runShell(
      """
      trap '' INT HUP
      meshweft query silent.sql & child=$!
      sleep 1; kill -INT $child; kill -HUP $child; sleep 1
      kill -0 $child && echo "still there"
      kill -TERM $child; wait $child; echo $?
      """, in: folder)
    #expect(outcome.outputText == "still there\n143\n", "\(outcome.errorText)")
  }

  @Test(arguments: [0.05, 0.2, 0.5, 1.0])
  func `to one that writes leaves what was there`(seconds: Double) throws {
    let folder = try ScratchFolder()
    let set = try LogSetPlace.samples.load().thinned(to: 1500)
    for file in set.files { try folder.write("logs/" + file.name, file.bytes) }
    #expect(try Meshweft.run(["ingest", "logs"], in: folder).status == 0)
    let before = try Meshweft.run(["export", "traces"], in: folder)
    for command in [["correlate", "--all"], ["prune", "--older-than", "520w", "--vacuum"], ["check"]] {
      let child = try Meshweft.start(command, in: folder)
      Thread.sleep(forTimeInterval: seconds)
      child.signal(SIGTERM)
      let outcome = try child.wait()
      // Before it listens the signal ends it as it ends any program; or it was done before.
      #expect([143, -15, 0].contains(outcome.status), "\(command): \(outcome.errorText)")
      #expect(try Meshweft.run(["export", "traces"], in: folder).output == before.output, "\(command)")
    }
    #expect(try Meshweft.run(["check"], in: folder).status == 0)
  }
}

@Suite struct `A statement that never ends` {
  @Test func `is streamed, and ends with its reader`() throws {
    let folder = try ScratchFolder()
    #expect(
      try Meshweft.run(["ingest", Checkout.foundingExample], in: folder).status == 0)
    let sql = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n, 'text' AS t FROM c"
    _ = try folder.write("endless.sql", Array(sql.utf8))
    for form in ["table", "json", "ndjson", "csv"] {
      let outcome = try Meshweft.runShell("meshweft query endless.sql -o \(form) | head -2", in: folder)
      #expect(outcome.status == 0, "\(form): \(outcome.errorText)")
      #expect(outcome.output.count { $0 == 0x0A } == 2, "\(form)")
    }
  }
}

/// Help, the version and completions come from another library, and are output like any other.
@Suite struct `What is no report` {
  @Test(arguments: ["--help", "help hops", "hops --help", "--version", "--generate-completion-script bash"])
  func `is said to be lost where nothing can be written, too`(arguments: String) throws {
    let folder = try ScratchFolder()
    for redirection in [">/dev/full", ">&-"] {
      let outcome = try Meshweft.runShell("meshweft \(arguments) \(redirection)", in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errorText.contains("standard output"), "\(outcome.errorText)")
    }
    let whole = try Meshweft.runShell("meshweft \(arguments)", in: folder)
    #expect(whole.status == 0 && !whole.output.isEmpty && whole.errors.isEmpty)
    #expect(try Meshweft.runShell("meshweft \(arguments) | true", in: folder).status == 0)
  }
}
