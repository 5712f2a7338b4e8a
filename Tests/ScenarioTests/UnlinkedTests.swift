import Foundation
import TestSupport
import Testing

/// Lines that were stored and not linked, where the report that is asked for cannot link them.
@Suite struct `While another process writes` {
  private static let log = Checkout.sampleLogs + "/ack1.default.details-rnlhv88x7s-9dfwk.istio-proxy.log.gz"

  @Test func `reports show what is linked, and say that lines wait`() throws {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", "--no-correlate", Self.log], in: folder).status == 0)
    let lock = try WriteLock(on: folder.file("meshweft.db"))
    for report in [
      "paths", "load", "imbalance", "traces", "clocks", "doctor -o json", "metrics", "graph", "query legs",
      "export traces", "report -o -",
    ] {
      let outcome = try Meshweft.run(report.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.status == 0, "\(report): \(outcome.errorText)")
      let said = outcome.errorText + outcome.outputText
      #expect(
        said.contains("none of the 407 lines in the database is linked yet"), "\(report): \(said.prefix(300))"
      )
    }
    // What needs no link is whole, and has nothing to say.
    let hops = try Meshweft.run(["hops", "-o", "ndjson"], in: folder)
    #expect(hops.output.count { $0 == 0x0A } == 407)
    #expect(hops.errors.isEmpty)
    lock.release()
    let linked = try Meshweft.run(["traces"], in: folder)
    #expect(linked.status == 0 && linked.errors.isEmpty, "\(linked.errorText)")
  }

  /// Who asks whether all is well is not told so by half of the lines.
  @Test(arguments: [["imbalance", "--fail-on", "max-mean=100"], ["findings", "--fail-on", "critical"]])
  func `a question for an exit code is not answered`(command: [String]) throws {
    let folder = try ScratchFolder()
    #expect(try Meshweft.run(["ingest", "--no-correlate", Self.log], in: folder).status == 0)
    let lock = try WriteLock(on: folder.file("meshweft.db"))
    #expect(try Meshweft.run(command, in: folder).status == 2)
    lock.release()
    #expect(try Meshweft.run(command, in: folder).status == 0)
  }

  @Test func `only what came since is said to wait`() throws {
    let folder = try ScratchFolder()
    #expect(
      try Meshweft.run(["ingest", Checkout.foundingExample], in: folder).status == 0)
    #expect(try Meshweft.run(["ingest", "--no-correlate", Self.log], in: folder).status == 0)
    let lock = try WriteLock(on: folder.file("meshweft.db"))
    let outcome = try Meshweft.run(["traces"], in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.errorText.contains("407 of 409 lines are not linked yet"), "\(outcome.errorText)")
    lock.release()
  }
}
