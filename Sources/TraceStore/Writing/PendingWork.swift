/// What waits for correlation, as it was when it was read.
package struct PendingWork: Sendable, Equatable {
  /// By first start, then last end.
  package var ranges: [PendingRange] = []

  /// What came later is not covered; 0 where nothing waits.
  package var lastID: Int64 { ranges.reduce(0) { max($0, $1.id) } }
}
