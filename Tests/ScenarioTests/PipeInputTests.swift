import Foundation
import TestSupport
import Testing

/// Pipes and devices by name and in folders: none of them keeps the others, or a signal, waiting.
@Suite struct `A named pipe` {
  private static let sample = Checkout.foundingExample

  private static func waitForHops(_ count: Int, in folder: ScratchFolder) throws {
    let deadline = Date.now + ChildProcess.patience
    var found = -1
    while found < count, Date.now < deadline {
      let outcome = try Meshweft.run(["hops", "-o", "ndjson"], in: folder)
      found = outcome.status == 0 ? outcome.output.count { $0 == 0x0A } : 0
    }
    #expect(found == count)
  }

  private static func folder(pipes: [String]) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for pipe in pipes {
      try folder.write(pipe, "")
      #expect(try Meshweft.runShell("rm '\(pipe)'; mkfifo '\(pipe)'", in: folder).status == 0)
    }
    return folder
  }

  @Test func `that has two names in a folder is read once, and so are the files beside it`() throws {
    let folder = try Self.folder(pipes: ["logs-p.log"])
    #expect(
      try Meshweft.runShell(
        "mkdir logs; mv logs-p.log logs/p.log; ln -s p.log logs/q.log; cp '\(Self.sample)' logs/a.log",
        in: folder
      ).status == 0)
    let outcome = try Meshweft.runShell(
      "(cat '\(Self.sample)' | sed 's/418/419/' >logs/p.log) & meshweft ingest -o json logs; wait", in: folder
    )
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("another name of a pipe"), "\(outcome.errorText)")
    #expect(try JSONValue(parsing: outcome.output)["lines"] == .integer(4))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `without a writer is waited for, until a signal comes`(number: Int32) throws {
    let folder = try Self.folder(pipes: ["p.log"])
    let child = try Meshweft.start(["ingest", "-o", "json", Self.sample, "p.log"], in: folder)
    try Self.waitForHops(2, in: folder)
    #expect(child.isRunning)
    child.signal(number)
    let outcome = try child.wait()
    #expect([0, 128 + Int(number)].contains(outcome.status), "\(outcome.errorText)")
    #expect(try JSONValue(parsing: outcome.output)["stored"] == .integer(2))
  }

  @Test func `is read when its writer comes`() throws {
    let folder = try Self.folder(pipes: ["p.log"])
    let child = try Meshweft.start(["ingest", "-o", "json", "p.log"], in: folder)
    Thread.sleep(forTimeInterval: 1)
    #expect(child.isRunning)
    #expect(try Meshweft.runShell("cat '\(Self.sample)' >p.log", in: folder).status == 0)
    let outcome = try child.wait()
    #expect(try JSONValue(parsing: outcome.output)["stored"] == .integer(2))
  }

  @Test func `in a folder keeps no other file waiting, and is left out when nobody comes`() throws {
    let folder = try Self.folder(pipes: ["logs/a.log"])
    try folder.write("logs/b.log", LogFile(reading: Self.sample).bytes)
    for number in 0..<70 { try folder.write("logs/c\(number).log", "") }
    for (name, target) in [("d.log", "/dev/zero"), ("e.log", "/dev/null")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("logs/" + name), withDestinationPath: target)
    }
    try folder.write("logs/f.log/x", "")
    let outcome = try Meshweft.run(["ingest", "-o", "json", "logs"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try JSONValue(parsing: outcome.output)["stored"] == .integer(2))
    #expect(outcome.errorText.contains("logs/a.log left out: it is a pipe to which nobody writes"))
    #expect(outcome.errorText.contains("logs/d.log left out: it is a device"), "\(outcome.errorText)")
  }

  @Test func `keeps no other pipe waiting`() throws {
    let folder = try Self.folder(pipes: ["logs/a.log", "logs/b.log", "logs/c.log"])
    let silent = try ChildProcess("bash", ["-c", "exec sleep 60 3>logs/a.log"], in: folder.path)
    let child = try Meshweft.start(["ingest", "-o", "json", "logs"], in: folder)
    #expect(try Meshweft.runShell("cat '\(Self.sample)' >logs/c.log", in: folder).status == 0)
    try Self.waitForHops(2, in: folder)
    // Longer than a pipe without a writer is waited for: this one has one.
    Thread.sleep(forTimeInterval: 7)
    #expect(child.isRunning)
    silent.signal(SIGTERM)
    _ = try silent.wait()
    let outcome = try child.wait()
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("logs/b.log left out"), "\(outcome.errorText)")
    #expect(!outcome.errorText.contains("logs/a.log"), "\(outcome.errorText)")
  }
}

/// Files that are read whole may be pipes, too.
@Suite struct `A list` {
  private static let sample = Checkout.foundingExample

  @Test(arguments: [
    ("imbalance httpbin --endpoints /dev/stdin", "10.0.0.1:80 pod-1"),
    ("ingest --field-map /dev/stdin \(sample)", "request_id: request_id"),
    ("query /dev/stdin", "SELECT 1 AS one"),
  ])
  func `may come from standard input and from another command`(command: String, text: String) throws {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", Self.sample], in: folder).status == 0)
    for line in [
      "echo '\(text)' | meshweft \(command)", "meshweft \(command) <<<'\(text)'",
      "meshweft " + command.replacingOccurrences(of: "/dev/stdin", with: "<(sleep 0.3; echo '\(text)')"),
    ] {
      let outcome = try Meshweft.runShell(line, in: folder)
      #expect(outcome.status == 0, "\(line): \(outcome.errorText)")
    }
  }

  @Test(arguments: ["ingest --field-map", "imbalance --endpoints", "query"])
  func `is refused by its size, without being read`(command: String) throws {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", Self.sample], in: folder).status == 0)
    for list in ["big", "<(yes)", "/dev/zero"] {
      let limit = Checkout.isSanitized ? "" : "ulimit -v 1000000; "
      let outcome = try Meshweft.runShell(
        "truncate -s 3G big; \(limit)exec meshweft \(command) \(list)", in: folder)
      #expect(outcome.status == 64, "\(list): \(outcome.errorText)")
      #expect(outcome.errorText.contains("too large"), "\(list): \(outcome.errorText)")
    }
  }

  @Test func `and logs do not share standard input, nor do two logs`() throws {
    let folder = try Self.folderWithPipe()
    for inputs in [
      "- -", "- /dev/stdin", "/dev/stdin /dev/fd/0", "--field-map /dev/stdin -", "--field-map /dev/stdin",
      "p p",
    ] {
      let outcome = try Meshweft.runShell("cat '\(Self.sample)' | meshweft ingest \(inputs)", in: folder)
      #expect(outcome.status == 64, "\(inputs): \(outcome.errorText)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["p"])
  }

  private static func folderWithPipe() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    #expect(try Meshweft.runShell("mkfifo p", in: folder).status == 0)
    return folder
  }

  @Test func `that never comes ends with a signal`() throws {
    let folder = try Self.folderWithPipe()
    let child = try Meshweft.start(["ingest", "--field-map", "p", Self.sample], in: folder)
    Thread.sleep(forTimeInterval: 1)
    #expect(child.isRunning)
    child.signal(SIGTERM)
    let outcome = try child.wait(seconds: 30)
    #expect(outcome.status != 0)
  }
}
