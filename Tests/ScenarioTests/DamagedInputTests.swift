import Foundation
import TestSupport
import Testing

@Suite struct `Of gz data that is cut or damaged` {
  private static let name = "ack1.default.sleep-lffxj4cn5t-2jfzp.istio-proxy.log"
  private static let packed = Result {
    Array(try Data(contentsOf: URL(filePath: Checkout.sampleLogs + "/\(name).gz")))
  }

  private static func ingest(_ bytes: some Sequence<UInt8>, in folder: ScratchFolder) throws
    -> (outcome: ChildProcess.Outcome, summary: JSONValue)
  {
    try folder.write("\(name).gz", bytes)
    let outcome = try Meshweft.run(["ingest", "--no-correlate", "-o", "json", "\(name).gz"], in: folder)
    let summary = try JSONValue(parsing: outcome.output)
    let sum = ["stored", "duplicate", "skipped", "rejected"].compactMap { summary[$0]?.integer }.reduce(0, +)
    #expect(summary["lines"]?.integer == sum)
    #expect(summary["rejected"] == .integer(0))
    return (outcome, summary)
  }

  private static func wholeLines() throws -> Int {
    try LogFile(reading: Checkout.sampleLogs + "/\(name).gz").lines.count
  }

  @Test func `the complete lines are stored, and the whole file adds the rest alone`() throws {
    let (packed, count) = (try Self.packed.get(), try Self.wholeLines())
    for cut in stride(from: 1024, to: packed.count, by: Checkout.wantsAll ? 1024 : 4096) {
      let folder = try ScratchFolder()
      let (outcome, summary) = try Self.ingest(packed.prefix(cut), in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errorText.contains("gz data truncated at byte \(cut)."), "\(outcome.errorText)")
      let stored = try #require(summary["stored"]?.integer)
      let (whole, rest) = try Self.ingest(packed, in: folder)
      #expect(whole.status == 0)
      #expect(rest["duplicate"] == .integer(stored))
      #expect(rest["stored"] == .integer(Int64(count) - stored))
    }
  }

  @Test func `a wrong checksum is said to be one, and the lines are stored`() throws {
    var packed = try Self.packed.get()
    packed[packed.count - 6] ^= 0xFF
    let folder = try ScratchFolder()
    let (outcome, summary) = try Self.ingest(packed, in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("gz data corrupt at byte"), "\(outcome.errorText)")
    #expect(summary["stored"] == .integer(Int64(try Self.wholeLines())))
  }

  @Test func `bytes behind its end that are no gz are said to be there`() throws {
    let folder = try ScratchFolder()
    let (outcome, summary) = try Self.ingest(try Self.packed.get() + Array("trailing".utf8), in: folder)
    #expect(outcome.status == 2)
    #expect(summary["stored"] == .integer(Int64(try Self.wholeLines())))
  }

  @Test func `a flipped bit is noticed wherever it is`() throws {
    let packed = try Gzip.pack(LogFile(reading: Checkout.sampleLogs + "/\(Self.name).gz").bytes)
    var random = SplitMix64(seed: 21)
    for _ in 0..<12 {
      var damaged = packed
      // Behind the header, whose time of day nobody checks.
      let place = Int.random(in: 10..<packed.count, using: &random)
      damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      let folder = try ScratchFolder()
      try folder.write("\(Self.name).gz", damaged)
      let outcome = try Meshweft.run(["ingest", "--no-correlate", "\(Self.name).gz"], in: folder)
      #expect(outcome.status == 2, "byte \(place)")
      #expect(outcome.errorText.contains("gz data "), "byte \(place): \(outcome.errorText)")
    }
  }
}
