import Foundation
import TestSupport
import Testing

@Suite struct `Where nothing more can be written` {
  private static let log = Checkout.sampleLogs + "/ack1.default.details-rnlhv88x7s-x2mwh.istio-proxy.log.gz"

  /// A file size limit is how a full disk looks to a process, but for the signal that comes with it.
  @Test(
    .disabled(
      if: Checkout.sanitizer == "thread", "that sanitizer maps a file of its own, which the limit cuts off"),
    arguments: [1, 60, 150])
  func `it is said, what is stored is stored, and with room the rest is added`(kilobytes: Int) throws {
    let folder = try ScratchFolder()
    // A profile of what was run is a file, too, and would say in a line of its own that there is no room for it.
    let outcome = try Meshweft.runShell(
      "ulimit -f \(kilobytes); LLVM_PROFILE_FILE=/dev/null meshweft ingest -o json '\(Self.log)'", in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty, "nothing may be claimed")
    #expect(outcome.errorText.contains("meshweft.db"), "\(outcome.errorText)")
    #expect(outcome.errorText.split(separator: "\n").count == 1, "\(outcome.errorText)")
    let whole = try Meshweft.run(["ingest", "-o", "json", Self.log], in: folder)
    #expect(whole.status == 0, "\(whole.errorText)")
    let summary = try JSONValue(parsing: whole.output)
    let count = Int64(try LogFile(reading: Self.log).lines.count)
    #expect((summary["stored"]?.integer ?? 0) + (summary["duplicate"]?.integer ?? 0) == count)
    #expect(try Meshweft.run(["hops", "-o", "ndjson"], in: folder).output.count { $0 == 0x0A } == Int(count))
    #expect(try Meshweft.run(["check"], in: folder).status == 0)
  }

  /// SQLite keeps an index in memory that processes share, and which is a file.
  @Test func `not even for the index of its log, reports read the database as it is`() throws {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", Self.log], in: folder).status == 0)
    for report in ["paths", "load", "hops -o ndjson"] {
      let usual = try Meshweft.runShell("meshweft \(report)", in: folder)
      let tight = try Meshweft.runShell(
        "ulimit -f 16; LLVM_PROFILE_FILE=/dev/null meshweft \(report)", in: folder)
      #expect(tight.status == 0 && tight.output == usual.output, "\(report): \(tight.errorText)")
    }
  }

  /// Everything that only reads does so; what writes says why it cannot. Root may write anything, so this is run as
  /// somebody else.
  @Test(.enabled(if: Nobody.canRun, "there is no way to run a program as an unprivileged user here"))
  func `reports work on a database and in a folder that may only be read`() throws {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", "--no-correlate", Self.log], in: folder).status == 0)
    try Nobody.protect(folder)
    for report in [["hops"], ["sources"], ["export", "traces"], ["paths"], ["imbalance"], ["check"]] {
      let outcome = try Nobody.run(report, in: folder)
      #expect(outcome.status == 0, "\(report): \(outcome.errorText)")
      let needsLinks = ["export", "paths", "imbalance"].contains(report[0])
      #expect(outcome.errorText.contains("is linked yet") == needsLinks, "\(report): \(outcome.errorText)")
    }
    for writing in [["ingest", Self.log], ["correlate"], ["prune", "--older-than", "1m"]] {
      let outcome = try Nobody.run(writing, in: folder)
      #expect(outcome.status == 2, "\(writing)")
      #expect(outcome.errorText.contains("may not be written"), "\(writing): \(outcome.errorText)")
    }
    let elsewhere = try Nobody.run(["ingest", "--db", "new.db", Self.log], in: folder)
    #expect(elsewhere.status == 2)
    #expect(elsewhere.errorText.contains("new.db"), "\(elsewhere.errorText)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["meshweft.db"])
  }
}

/// Runs the program without root's rights: directly where the tests do not have them, else through setpriv.
private enum Nobody {
  private static let isRoot = geteuid() == 0
  private static let prefix = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []

  static let canRun: Bool = {
    let command = prefix + [Meshweft.binary, "--version"]
    return (try? ChildProcess.run(command[0], Array(command.dropFirst())))?.status == 0
  }()

  static func protect(_ folder: ScratchFolder) throws {
    for (path, mode) in [(folder.file("meshweft.db"), 0o444), (folder.path, 0o555)] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
  }

  static func run(_ arguments: [String], in folder: ScratchFolder) throws -> ChildProcess.Outcome {
    let command = prefix + [Meshweft.binary] + arguments
    return try ChildProcess.run(command[0], Array(command.dropFirst()), in: folder.path)
  }
}
