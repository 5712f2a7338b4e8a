internal import AccessLog
internal import TraceStore

/// A batch, and what became of the lines that were read for it: added up when the batch is committed, so that what
/// is reported is what is stored.
struct IngestWork: Sendable {
  var batch = HopBatch()
  /// By source index, as far as lines of that source came; hops are counted by the store.
  private(set) var tallies: [IngestCounts] = []
  var rejected: [RejectedLine] = []
  /// How far all logs had come when it was handed over, microseconds since the epoch: lines that were written before then
  /// are in this batch or an earlier one.
  var frontier = Int64.min
  /// How far logs of a feed had been read then: in step with its lines.
  var marks: [ReadMark] = []

  var isEmpty: Bool { tallies.isEmpty && batch.objects.isEmpty }

  /// Takes back a skipped line, whose outcome is another one after all. It may have been counted in a batch before
  /// this one; the sums are right in the end.
  mutating func uncountSkipped(source: Int32) {
    makeRoom(for: source)
    tallies[Int(source)].lines -= 1
    tallies[Int(source)].skipped -= 1
  }

  private mutating func makeRoom(for source: Int32) {
    while tallies.count <= Int(source) { tallies.append(IngestCounts()) }
  }

  mutating func count(_ outcome: LineOutcome, source: Int32) {
    makeRoom(for: source)
    tallies[Int(source)].lines += 1
    switch outcome {
    case .hop(repaired: false): break
    case .hop(repaired: true): tallies[Int(source)].repaired += 1
    case .skipped: tallies[Int(source)].skipped += 1
    case .rejected(let reason):
      tallies[Int(source)].rejected += 1
      if reason == .unread { tallies[Int(source)].unread += 1 }
    }
  }
}
