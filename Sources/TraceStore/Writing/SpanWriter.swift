extension StoreWriter {
  /// Stores what a span adds up to and the most of what was in flight in it, in the place of what was there; in the caller's
  /// transaction, where one is open.
  /// - Throws: `StoreError`; nothing has changed then.
  package func write(
    _ span: RollupSpan, hasConnections: Bool, _ legs: [LegSpan], _ connections: [ConnectionSpan]
  ) throws(StoreError) {
    let drop = try SpanStatements(connection)
    let list = try connection.statement("INSERT INTO rollup_span VALUES (?, ?, ?, ?)")
    let insertLeg = try connection.statement(
      "INSERT INTO leg_span VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    let insertConnections = try connection.statement("INSERT INTO connection_span VALUES (?, ?, ?)")
    let insertPeaks = try connection.statement(RollupSQL.insertPeaks(width: span.width))
    try transaction { (_) throws(SQLiteFailure) in
      try drop.drop(span.width, from: span.bucket, through: span.bucket)
      list.bind(1, span.width)
      list.bind(2, span.bucket)
      list.bind(3, Int64(legs.count))
      list.bind(4, hasConnections ? 1 : 0)
      try list.run()
      for leg in legs { try SpanStatements.insert(leg, span, insertLeg) }
      insertPeaks.bind(1, span.width)
      insertPeaks.bind(2, span.bucket)
      try insertPeaks.run()
      for one in connections {
        insertConnections.bind(1, span.bucket)
        insertConnections.bindBlob(2, one.groups)
        insertConnections.bindBlob(3, RollupSQL.bytes(one.keys))
        try insertConnections.run()
      }
    }
  }

  /// Reads what the open transaction sees. It must be gone before the writer is closed.
  package func reader() -> StoreReader { StoreReader(connection) }
}

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

extension RollupSQL {
  /// The most of the narrower spans, which are all there; of the narrowest that of the pieces.
  fileprivate static func insertPeaks(width: Int64) -> String {
    let narrower = RollupSpan.widths.last { $0 < width }
    let source = narrower.map { "peak_span WHERE width_us = \($0) AND" } ?? "leg_peak WHERE"
    return """
      INSERT INTO peak_span
      SELECT ?1, ?2, series, service_host, service_port, key, host_source, max(in_flight) FROM \(source)
        bucket_us >= ?2 AND bucket_us < ?2 + ?1 GROUP BY series, service_host, service_port, key, host_source
      """
  }

  /// Eight bytes each, little-endian.
  static func bytes(_ keys: [UInt64]) -> [UInt8] {
    keys.flatMap { key in (0..<8).map { UInt8(truncatingIfNeeded: key >> ($0 * 8)) } }
  }
}
