import Foundation
import TestSupport
import Testing

/// A pipe that stays open, as `kubectl logs -f` leaves it.
@Suite struct `While a pipe stays open` {
  private static let log = Result { try LogFile(reading: sample) }
  private static let sample =
    Checkout.sampleLogs + "/ack1.istio-system.istio-asm-cross-network-8k8tfm9nc4-5q8cz.istio-proxy.log"

  private static func follow(in folder: ScratchFolder) throws -> ChildProcess {
    let identity = try #require(log.get().identity)
    let flags = [
      "--mesh-cluster", identity.meshCluster, "--namespace", identity.namespace, "--pod", identity.pod,
      "--container", identity.container,
    ]
    return try Meshweft.start(["ingest", "-o", "json"] + flags + ["-"], in: folder)
  }

  /// Asks until so many hops are there.
  private static func waitForHops(_ count: Int, in folder: ScratchFolder) throws -> Int {
    let deadline = Date.now + ChildProcess.patience
    var found = -1
    while Date.now < deadline {
      let outcome = try Meshweft.run(["hops", "-o", "ndjson"], in: folder)
      found = outcome.status == 0 ? outcome.output.count { $0 == 0x0A } : 0
      if found >= count { return found }
      Thread.sleep(forTimeInterval: 0.1)
    }
    return found
  }

  @Test func `rows can be seen before it closes, and the summary comes at its end`() throws {
    let folder = try ScratchFolder()
    let lines = try Self.log.get().lines
    let child = try Self.follow(in: folder)
    for (index, line) in lines.prefix(3).enumerated() {
      child.send(line + [0x0A])
      #expect(try Self.waitForHops(index + 1, in: folder) == index + 1)
    }
    // Half a line is none yet.
    child.send(lines[3].prefix(100))
    #expect(child.isRunning)
    child.send(lines[3].dropFirst(100) + [0x0A])
    let outcome = try child.wait()
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try JSONValue(parsing: outcome.output)["stored"] == .integer(4))
  }

  /// For longer than another writer would wait.
  @Test func `another writer may hold it up, and no line is lost`() throws {
    let folder = try ScratchFolder()
    let lines = try Self.log.get().lines
    let child = try Self.follow(in: folder)
    child.send(lines[0] + [0x0A])
    #expect(try Self.waitForHops(1, in: folder) == 1)
    let holder = try WriteLock(on: folder.file("meshweft.db"))
    child.send(lines[1] + [0x0A])
    Thread.sleep(forTimeInterval: 7)
    #expect(child.isRunning)
    holder.release()
    let outcome = try child.wait()
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try JSONValue(parsing: outcome.output)["stored"] == .integer(2))
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `a signal commits what came and prints the counts`(number: Int32) throws {
    let folder = try ScratchFolder()
    let lines = try Self.log.get().lines
    let child = try Self.follow(in: folder)
    // The first rows say that it listens to signals by now; what follows may still be on its way.
    child.send(lines[0] + [0x0A])
    _ = try Self.waitForHops(1, in: folder)
    child.send(lines[1..<5].reduce(into: []) { $0 += $1 + [0x0A] })
    child.signal(number)
    let deadline = Date.now + ChildProcess.patience
    while child.isRunning, Date.now < deadline { Thread.sleep(forTimeInterval: 0.05) }
    #expect(!child.isRunning, "the signal did not end it")
    let outcome = try child.wait()
    #expect(outcome.status == 128 + Int(number))
    let summary = try JSONValue(parsing: outcome.output)
    #expect(summary["interrupted"] == .boolean(true))
    let stored = try #require(summary["stored"]?.integer)
    #expect(try Self.waitForHops(Int(stored), in: folder) == Int(stored))
    let again = try Meshweft.run(["ingest", "-o", "json", Self.sample], in: folder)
    #expect(try JSONValue(parsing: again.output)["duplicate"] == .integer(stored))
  }

  /// timeout(1) sends two in a row, a closed terminal two different ones.
  @Test(arguments: [[SIGTERM, SIGTERM], [SIGHUP, SIGTERM], [SIGINT, SIGINT, SIGINT]])
  func `signals that come together are one request, and nothing is lost`(numbers: [Int32]) throws {
    for _ in 0..<3 {
      let folder = try ScratchFolder()
      let child = try Self.follow(in: folder)
      let lines = try Self.log.get().lines
      child.send(lines[0] + [0x0A])
      _ = try Self.waitForHops(1, in: folder)
      child.send(lines[1] + [0x0A])
      numbers.forEach(child.signal)
      let outcome = try child.wait()
      // Sent at once, they come in the order of their numbers.
      #expect(numbers.map { 128 + Int($0) }.contains(outcome.status))
      let stored = try #require(JSONValue(parsing: outcome.output)["stored"]?.integer)
      #expect(try Self.waitForHops(Int(stored), in: folder) == Int(stored))
    }
  }

  /// The writer waits for another one's lock, and the program for its writer.
  @Test func `a second signal ends it where the first one cannot yet`() throws {
    let folder = try ScratchFolder()
    let child = try Self.follow(in: folder)
    let lines = try Self.log.get().lines
    child.send(lines[0] + [0x0A])
    _ = try Self.waitForHops(1, in: folder)
    let holder = try WriteLock(on: folder.file("meshweft.db"))
    child.send(lines[1] + [0x0A])
    Thread.sleep(forTimeInterval: 1)
    child.signal(SIGINT)
    Thread.sleep(forTimeInterval: 1.5)
    #expect(child.isRunning, "the first signal waits until what came is stored")
    child.signal(SIGINT)
    let outcome = try child.wait()
    #expect(outcome.status == 128 + Int(SIGINT), "\(outcome.errorText)")
    #expect(outcome.output.isEmpty, "nothing may be claimed")
    holder.release()
    #expect(try Self.waitForHops(1, in: folder) == 1)
  }
}
