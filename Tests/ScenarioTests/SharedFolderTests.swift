import Foundation
import TestSupport
import Testing

/// A folder that all may write to, a database of one user in it, and a reader who is another one: as in /tmp. Root may write
/// anything, so both are somebody else.
@Suite(.enabled(if: OtherUser.canRun, "there is no way to run a program as another user here"))
struct `Readers in a shared folder` {
  private static let log = Checkout.foundingExample
  private static let other = Checkout.sampleLogs + "/ack1.default.details-rnlhv88x7s-x2mwh.istio-proxy.log.gz"
  private static let reports = [
    ["hops"], ["sources"], ["export", "traces"], ["paths"], ["imbalance"], ["check"],
  ]

  private static func made(mode: Int) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o1777], ofItemAtPath: folder.path)
    #expect(try OtherUser.run(OtherUser.owner, ["ingest", log], in: folder).status == 0)
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: folder.file("meshweft.db"))
    try folder.write(
      "slow.sql",
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000000)\n"
        + "SELECT count(*) FROM n, hop WHERE hop.id > n.i")
    return folder
  }

  private static func names(_ folder: ScratchFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private static func hops(_ user: Int, _ folder: ScratchFolder) throws -> Int {
    let outcome = try OtherUser.run(user, ["hops", "-o", "ndjson"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return outcome.output.count { $0 == 0x0A }
  }

  @Test(arguments: [0o644, 0o664, 0o666, 0o444])
  func `leave nothing that locks the owner out`(mode: Int) throws {
    let folder = try Self.made(mode: mode)
    for report in Self.reports {
      let outcome = try OtherUser.run(OtherUser.reader, report, in: folder)
      #expect(outcome.status == 0, "\(report): \(outcome.errorText)")
      #expect(try Self.names(folder) == ["meshweft.db", "slow.sql"], "\(report)")
    }
    let killed = try OtherUser.start(OtherUser.reader, ["query", "slow.sql"], in: folder)
    try Self.waitUntilOpen(folder, by: killed)
    killed.signal(SIGKILL)
    _ = try killed.wait()
    #expect(try Self.names(folder) == ["meshweft.db", "slow.sql"])
    if mode == 0o444 { return }
    let ingest = try OtherUser.run(OtherUser.owner, ["ingest", Self.other], in: folder)
    #expect(ingest.status == 0, "\(ingest.errorText)")
  }

  /// Reports link what is not linked yet, where they may; so they begin as writers do.
  @Test func `leave nothing where they would write and may not`() throws {
    let folder = try Self.made(mode: 0o644)
    #expect(
      try OtherUser.run(OtherUser.owner, ["ingest", "--no-correlate", Self.other], in: folder).status == 0)
    let commands =
      Self.reports + [
        ["ingest", Self.log], ["correlate", "--all"], ["prune", "--older-than", "1m"],
        ["check", "--salvage", "new.db"],
      ]
    for command in commands {
      let outcome = try OtherUser.run(OtherUser.reader, command, in: folder)
      let isWriting = ["ingest", "correlate", "prune"].contains(command[0])
      #expect(outcome.status == (isWriting ? 2 : 0), "\(command): \(outcome.errorText)")
      let names = try Self.names(folder).filter { $0 != "new.db" }
      #expect(names == ["meshweft.db", "slow.sql"], "\(command)")
    }
  }

  /// What nobody waits for may be half of each; the reader is told to come again.
  @Test func `are told when somebody wrote meanwhile`() throws {
    let folder = try Self.made(mode: 0o644)
    let child = try OtherUser.start(OtherUser.reader, ["query", "slow.sql"], in: folder)
    try Self.waitUntilOpen(folder, by: child)
    #expect(try OtherUser.run(OtherUser.owner, ["ingest", Self.other], in: folder).status == 0)
    try #require(child.isRunning, "the statement is to take longer than that")
    let outcome = try child.wait()
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("was written to while it was read"), "\(outcome.errorText)")
    #expect(try Self.hops(OtherUser.reader, folder) > 2)
  }

  @Test func `see what an owner has stored who is still at work, or was killed`() throws {
    let folder = try Self.made(mode: 0o644)
    let child = try OtherUser.start(OtherUser.owner, ["ingest", "-o", "json", "-"], in: folder)
    let lines = try LogFile(reading: Self.other).lines
    for count in 1...3 {
      child.send(lines[count] + [0x0A])
      let deadline = Date.now + ChildProcess.patience
      var found = 0
      while found < 2 + count, Date.now < deadline { found = try Self.hops(OtherUser.reader, folder) }
      #expect(found == 2 + count)
    }
    child.signal(SIGKILL)
    _ = try child.wait()
    let left = try Self.names(folder)
    #expect(try Self.hops(OtherUser.reader, folder) == 5)
    #expect(try Self.names(folder) == left)
    let ingest = try OtherUser.run(OtherUser.owner, ["ingest", Self.other], in: folder)
    #expect(ingest.status == 0, "\(ingest.errorText)")
    #expect(try Self.names(folder) == ["meshweft.db", "slow.sql"])
  }

  /// Files that are there all the same, from before or of another program.
  @Test func `and what somebody else has left is named`() throws {
    let folder = try Self.made(mode: 0o644)
    try folder.write("meshweft.db-wal", "")
    let outcome = try OtherUser.run(OtherUser.owner, ["ingest", Self.other], in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("meshweft.db-wal, which another user left"), "\(outcome.errorText)")
    #expect(try Self.hops(OtherUser.reader, folder) == 2)
  }

  private static func waitUntilOpen(_ folder: ScratchFolder, by child: ChildProcess) throws {
    let deadline = Date.now + ChildProcess.patience
    while Date.now < deadline, child.isRunning {
      let open = try Meshweft.runShell(
        "ls -l /proc/[0-9]*/fd 2>/dev/null | grep -c '\(folder.path)/meshweft.db$'", in: folder)
      if open.outputText != "0\n" { return }
    }
    Issue.record("it never opened the database: \(try child.wait().errorText)")
  }
}
