import Testing

@testable import AccessLog

/// Sources are bounded like everything else that a parser remembers, and forgetting them changes nothing.
@Suite struct `The table of sources` {
  /// A line of `kubectl logs --prefix`; `second` from 0 to 49.
  private static func line(pod: String, second: Int) -> String {
    let start = "2026-11-23T02:10:\(10 + second).792Z"
    return
      #"[pod/\#(pod)/istio-proxy] {"start_time":"\#(start)","method":"GET","path":"/","duration":1,"upstream_local_address":"10.0.0.1:80"}"#
  }

  /// A parser of one input, and the names of the sources that its rows were given.
  private struct Reading: ~Copyable {
    let tables: ParserTables
    var parser: HopParser
    private var batch = HopBatch()
    private var names: [Int: String] = [:]
    private var number: Int64 = 0
    /// Pod by row, and the identities of rows.
    var pods: [String] = []
    var identities: [UInt64] = []
    /// The most sources that a batch could name.
    var largest = 0

    init(sourceLimit: Int) {
      tables = ParserTables(sourceLimit: sourceLimit)
      parser = HopParser(tables: tables, logName: nil)
    }

    mutating func read(_ line: String) {
      number += 1
      _ = PaddedBytes.withCopy(of: Array(line.utf8)) { parser.parse($0, number: number, into: &batch) }
      if tables.isFullOfSources { handOver() }
    }

    mutating func handOver() {
      tables.finish(&batch)
      if batch.firstSource == 0 { names = [:] }
      for (offset, source) in batch.sources.enumerated() {
        names[Int(batch.firstSource) + offset] = source.origin.pod
      }
      largest = max(largest, names.count)
      for row in batch.rows {
        pods.append(names[Int(row.source)] ?? "none")
        identities.append(row.identity.high)
        // A set that another source had under the same number would be taken for this one's.
        let set = batch.attributeSets.indices.contains(Int(row.attributes - batch.firstAttributeSet))
        if set {
          #expect(batch.attributeSets[Int(row.attributes - batch.firstAttributeSet)].source == row.source)
        }
      }
      batch = HopBatch()
    }
  }

  @Test func `starts over when it is full, and gives every line its own source`() {
    var few = Reading(sourceLimit: 4)
    var many = Reading(sourceLimit: 1000)
    let pods = (0..<50).map { "pod-\($0 * $0 % 23)" }
    for (second, pod) in pods.enumerated() {
      few.read(Self.line(pod: pod, second: second))
      many.read(Self.line(pod: pod, second: second))
    }
    few.handOver()
    many.handOver()
    let (fewPods, manyPods) = (few.pods, many.pods)
    #expect(fewPods == pods && manyPods == pods)
    let (fewIdentities, manyIdentities) = (few.identities, many.identities)
    #expect(fewIdentities == manyIdentities)
    let (fewest, most) = (few.largest, many.largest)
    #expect(fewest <= 4 && most > 4)
  }

  @Test func `tells equal lines apart although it started over between them`() {
    var few = Reading(sourceLimit: 2)
    var many = Reading(sourceLimit: 1000)
    // A log that begins again, so that its passes have numbers, and then a line that is there twice.
    let lines =
      [(0, "a"), (9, "a"), (0, "a"), (9, "a"), (12, "a"), (13, "b"), (12, "a"), (14, "c"), (14, "c")]
      .map { Self.line(pod: $1, second: $0) }
    for line in lines {
      few.read(line)
      many.read(line)
    }
    few.handOver()
    many.handOver()
    let (fewIdentities, manyIdentities) = (few.identities, many.identities)
    #expect(fewIdentities == manyIdentities)
    // Two of nine are those of a log that begins again.
    #expect(Set(manyIdentities).count == 7)
  }

  @Test func `knows two pods apart whose names once had the same hash`() {
    var reading = Reading(sourceLimit: 1000)
    let pods = ["checkout-738d904b-16cbb", "checkout-5502758f-1733f"]
    for (second, pod) in pods.enumerated() { reading.read(Self.line(pod: pod, second: second)) }
    reading.handOver()
    let found = reading.pods
    #expect(found == pods)
  }

  @Test func `takes no name from a line that is longer than names are`() {
    let tables = ParserTables()
    var parser = HopParser(tables: tables, logName: nil)
    var batch = HopBatch()
    func source(_ pod: String) -> SourceIdentity {
      let line =
        #"{"start_time":"2026-11-23T02:15:53.792Z","method":"GET","path":"/","duration":1,"pod_name":"\#(pod)"}"#
      _ = PaddedBytes.withCopy(of: Array(line.utf8)) { parser.parse($0, number: 1, into: &batch) }
      return tables.source(parser.currentSource())
    }
    let longest = String(repeating: "p", count: Limits.nameBytes)
    #expect(source(longest).origin.pod == longest)
    #expect(source(longest + "p").origin.pod == "")
    #expect(source("sleep-1").origin.pod == "sleep-1")
  }
}
