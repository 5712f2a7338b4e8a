/// The statements that drop spans.
struct SpanStatements {
  private let deletes: [RawStatement]
  private let deleteConnections: RawStatement

  init(_ connection: StoreConnection) throws(StoreError) {
    var deletes: [RawStatement] = []
    for table in ["rollup_span", "leg_span", "peak_span"] {
      deletes.append(
        try connection.statement("DELETE FROM \(table) WHERE width_us = ? AND bucket_us BETWEEN ? AND ?"))
    }
    self.deletes = deletes
    deleteConnections = try connection.statement(
      "DELETE FROM connection_span WHERE bucket_us BETWEEN ? AND ?")
  }

  /// Drops all spans that a stretch of time, microseconds since the epoch, reaches into.
  func drop(overlapping range: ClosedRange<Int64>) throws(SQLiteFailure) {
    for width in RollupSpan.widths {
      try drop(
        width, from: RollupSpan.start(range.lowerBound, width),
        through: RollupSpan.start(range.upperBound, width))
    }
  }

  func drop(_ width: Int64, from first: Int64, through last: Int64) throws(SQLiteFailure) {
    assert(RollupSpan.widths.contains(width) && first <= last)
    for delete in deletes {
      delete.bind(1, width)
      delete.bind(2, first)
      delete.bind(3, last)
      try delete.run()
    }
    guard width == RollupSpan.connectionWidth else { return }
    deleteConnections.bind(1, first)
    deleteConnections.bind(2, last)
    try deleteConnections.run()
  }
}
