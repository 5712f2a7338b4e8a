import Foundation
import TestSupport
import Testing

/// Meshes that scripts/made-sets makes up, with what truly happened.
@Suite(.enabled(if: MadeSet.canRun, "python3 is not there"))
struct `Meshes with gateways and borders` {
  @Test(arguments: ["ingress", "egress", "east-west", "between", "overlap", "borders", "tcp", "tcp-nat"])
  func `are linked as they were, with ids and without`(layout: String) throws {
    let outcome = try ChildProcess.run(
      Checkout.root + "/scripts/score-made", [Meshweft.binary, layout])
    #expect(outcome.status == 0, "\(outcome.outputText)\(outcome.errorText)")
    #expect(outcome.outputText.contains("% of 600 whole, 0 sure links wrong"))
  }
}

private enum MadeSet {
  static let canRun = (try? ChildProcess.run("python3", ["--version"]))?.status == 0
}
