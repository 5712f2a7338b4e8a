import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Many arguments of ingest` {
  private static let sample = Checkout.foundingExample

  /// As a shell makes them of `*`; to parse them one by one took more than a minute.
  @Test func `20 000 names are read, options wherever they stand`() throws {
    let folder = try ScratchFolder()
    let names = (0..<20_000).map { "none-\($0).log" }
    let arguments = ["ingest", "--db", "x.db"] + names + ["-o", "json", Self.sample, "--no-correlate"]
    let outcome = try Meshweft.run(arguments, in: folder)
    #expect(outcome.status == 2)
    #expect(try JSONValue(parsing: outcome.output)["stored"] == .integer(2))
    let errors = outcome.errorText.split(separator: "\n")
    #expect(errors.count { $0.contains("no such file") } == 20_000)
    #expect(errors.first?.contains("none-0.log") == true)
  }

  @Test func `what no option is stays refused, and what follows -- is an input`() throws {
    let folder = try ScratchFolder()
    let names = (0..<100).map { "none-\($0).log" }
    #expect(try Meshweft.run(["ingest"] + names + ["--unknown", "x"], in: folder).status == 64)
    #expect(try Meshweft.run(["ingest"] + names + ["--pod"], in: folder).status == 64)
    let outcome = try Meshweft.run(
      ["ingest", "--no-correlate"] + names + ["--", "--pod", Self.sample], in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("--pod: no such file"))
    #expect(try Meshweft.run(["hops", "-o", "ndjson"], in: folder).output.count { $0 == 0x0A } == 2)
  }
}
