import TestSupport
import Testing

/// A few of the points of `make torture` and `make torture-growth`: faults at system calls, kills at random moments, flipped
/// bytes, bombs, and how costs grow.
@Suite struct `Faults at system calls` {
  private static func has(_ program: String, _ argument: String) -> Bool {
    (try? ChildProcess.run(program, [argument]))?.status == 0
  }

  private static let canTrace = has("python3", "--version") && has("strace", "--version")

  /// Runs a script with the program under test, and expects that it finds nothing.
  private func expectNothingFound(by script: String, _ options: [String], says: String) throws {
    let outcome = try ChildProcess(Checkout.root + "/scripts/" + script, options + [Meshweft.binary])
      .wait(seconds: 900)
    #expect(outcome.status == 0, "\(outcome.outputText) \(outcome.errorText)")
    #expect(outcome.outputText.contains(says))
  }

  @Test(
    .enabled(if: canTrace, "python3 or strace is not there"),
    .disabled(if: Checkout.sanitizer == "thread", "that sanitizer's own first write is made to fail"))
  func `lose nothing, double nothing, and leave a database that is sound`() throws {
    let few = [
      "--jobs", "half,report", "--calls", "pwrite64,fdatasync,ftruncate,unlink,write,fsync,rename",
      "--faults",
      "kill,for-good", "--points", "2", "--random", "1", "--share", "0.03",
    ]
    try expectNothingFound(by: "torture", few, says: "faults came about")
  }

  @Test(
    .enabled(if: canTrace, "python3 or strace is not there"),
    .disabled(if: Checkout.sanitizer == "thread", "that sanitizer's own first write is made to fail"))
  func `of an upgrade, of a salvage and of a report that links first do as little`() throws {
    let few = [
      "--jobs", "upgrade,salvage,linking", "--calls", "pwrite64,fdatasync,pread64", "--faults",
      "kill,for-good",
      "--points", "1",
      "--random", "1", "--share", "0.02",
    ]
    try expectNothingFound(by: "torture", few, says: "faults came about")
  }

  @Test(
    .enabled(if: canTrace, "python3 or strace is not there"),
    .disabled(if: Checkout.isSanitized, "a sanitizer opens and maps files of its own"))
  func `are told or waited out where a file cannot be opened, mapped, read or locked`() throws {
    let few = [
      "--jobs", "late,read-paths", "--calls", "openat,mmap,pread64,fcntl", "--faults", "once", "--points",
      "1", "--random",
      "0", "--share", "0.02",
    ]
    try expectNothingFound(by: "torture", few, says: "faults came about")
  }

  @Test(.enabled(if: has("python3", "--version"), "python3 is not there"))
  func `and bytes that are flipped are no silent change`() throws {
    try expectNothingFound(by: "damage", ["--seeds", "2", "--share", "0.2"], says: "2 seeds of 200 flips")
  }
}

/// The rest of `scripts/torture-growth` and `scripts/bombs` is for `make torture-growth` and `make torture`. Limits are wide here,
/// for other tests run beside: what is quadratic is still beyond them.
@Suite(
  .enabled(if: (try? ChildProcess.run("python3", ["--version"]))?.status == 0, "python3 is not there"),
  .disabled(if: Checkout.isSanitized, "a sanitizer takes memory and time of its own"))
struct `Costs of hostile logs` {
  @Test func `grow with their length, and hardly faster`() throws {
    let few = [
      "--shape",
      "services,hosts,mesh-clusters-no-ids,one-millisecond,open-requests,circle,chosen-words,endpoints",
      "--command", "ingest,paths,imbalance,graph,export", "--scale", "0.05", "--exponent", "1.7", "--flat",
      "0.15", "--summary",
    ]
    let outcome = try ChildProcess(Checkout.root + "/scripts/torture-growth", few + [Meshweft.binary]).wait(
      seconds: 900)
    #expect(outcome.status == 0, "\(outcome.outputText) \(outcome.errorText)")
    #expect(outcome.outputText.contains("8 shapes"))
  }

  @Test func `that unpack to a thousand times their size are bounded`() throws {
    let few = [
      "--gigabytes", "0.004", "--kinds", "newlines,empty objects,one endless line,equal hops,empty members",
      "--rate", "1",
      "--nanoseconds", "50000",
    ]
    let outcome = try ChildProcess(Checkout.root + "/scripts/bombs", few + [Meshweft.binary]).wait(
      seconds: 900)
    #expect(outcome.status == 0, "\(outcome.outputText) \(outcome.errorText)")
    #expect(outcome.outputText.contains("empty members"))
  }
}
