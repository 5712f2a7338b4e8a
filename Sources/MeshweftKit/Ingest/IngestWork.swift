internal import AccessLog

/// A batch, and what became of the lines that were read for it: added up when the batch is committed, so that what
/// is reported is what is stored.
struct IngestWork: Sendable {
  var batch = HopBatch()
  /// By source index; hops are counted by the store.
  private(set) var tallies: [Int32: IngestCounts] = [:]
  var rejected: [RejectedLine] = []

  var isEmpty: Bool { tallies.isEmpty }

  /// Takes back a skipped line, whose outcome is another one after all. It may have been counted in a batch before
  /// this one; the sums are right in the end.
  mutating func uncountSkipped(source: Int32) {
    tallies[source, default: IngestCounts()].lines -= 1
    tallies[source, default: IngestCounts()].skipped -= 1
  }

  mutating func count(_ outcome: LineOutcome, source: Int32) {
    tallies[source, default: IngestCounts()].lines += 1
    switch outcome {
    case .hop(repaired: false): break
    case .hop(repaired: true): tallies[source, default: IngestCounts()].repaired += 1
    case .skipped: tallies[source, default: IngestCounts()].skipped += 1
    case .rejected: tallies[source, default: IngestCounts()].rejected += 1
    }
  }
}
