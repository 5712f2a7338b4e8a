import TestSupport
import Testing

/// A few of the points of `make torture`: faults at system calls, and kills at random moments.
@Suite struct `Faults at system calls` {
  private static func has(_ program: String, _ argument: String) -> Bool {
    (try? ChildProcess.run(program, [argument]))?.status == 0
  }

  @Test(
    .enabled(if: has("python3", "--version") && has("strace", "--version"), "python3 or strace is not there"),
    .disabled(if: Checkout.sanitizer == "thread", "that sanitizer's own first write is made to fail"))
  func `lose nothing, double nothing, and leave a database that is sound`() throws {
    let script = Checkout.root + "/scripts/torture"
    let few = [
      "--jobs", "half,report", "--faults", "kill,for-good", "--points", "2", "--random", "1", "--share",
      "0.03",
    ]
    let outcome = try ChildProcess(script, few + [Meshweft.binary]).wait(seconds: 600)
    #expect(outcome.status == 0, "\(outcome.outputText) \(outcome.errorText)")
    #expect(outcome.outputText.contains("faults came about"))
  }

  @Test(.enabled(if: has("python3", "--version"), "python3 is not there"))
  func `and bytes that are flipped are no silent change`() throws {
    let script = Checkout.root + "/scripts/damage"
    let outcome = try ChildProcess(script, ["--seeds", "2", "--share", "0.2", Meshweft.binary]).wait(
      seconds: 600)
    #expect(outcome.status == 0, "\(outcome.outputText) \(outcome.errorText)")
    #expect(outcome.outputText.contains("2 seeds of 200 flips"))
  }
}
