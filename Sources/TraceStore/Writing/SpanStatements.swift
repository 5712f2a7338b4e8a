/// The statements that drop spans, and what is said alike to write them.
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

  static func insert(_ leg: LegSpan, _ span: RollupSpan, _ insert: RawStatement) throws(SQLiteFailure) {
    let numbers = [
      span.width, span.bucket, leg.group, leg.kind, leg.requests, leg.attempts, leg.busy, leg.bytesSent,
      leg.bytesReceived, leg.firstStart, leg.lastStart,
    ]
    for (index, number) in numbers.enumerated() { insert.bind(Int32(index) + 1, number) }
    insert.bindBlob(12, leg.minutes)
    insert.bind(13, leg.confidenceSum)
    insert.bind(14, leg.confidenceMin)
    insert.bindBlob(15, leg.clientTimes)
    insert.bindBlob(16, leg.serverTimes)
    insert.bindBlob(17, leg.borderTimes)
    try insert.run()
  }
}
