extension StoreWriter {
  /// Stores what a span adds up to and the most of what was in flight in it, in the place of what was there; in the caller's
  /// transaction, where one is open.
  /// - Throws: `StoreError`; nothing has changed then.
  package func write(
    _ span: RollupSpan, hasConnections: Bool, _ legs: [LegSpan], _ connections: [ConnectionSpan]
  ) throws(StoreError) {
    assert(RollupSpan.widths.contains(span.width) && span.bucket == RollupSpan.start(span.bucket, span.width))
    assert(connections.isEmpty || hasConnections && span.width == RollupSpan.connectionWidth)
    let drop = try SpanStatements(connection)
    let list = try connection.statement("INSERT INTO rollup_span VALUES (?, ?, ?, ?)")
    let insertLeg = try connection.statement(
      "INSERT INTO leg_span (width_us, bucket_us, \(LegSpan.row.names)) VALUES (?, ?, \(LegSpan.row.places))")
    let insertConnections = try connection.statement(
      "INSERT INTO connection_span (bucket_us, \(ConnectionSpan.row.names)) VALUES (?, \(ConnectionSpan.row.places))"
    )
    let insertPeaks = try connection.statement(StoreWriter.insertPeaks(width: span.width))
    try transaction { (_) throws(SQLiteFailure) in
      try drop.drop(span.width, from: span.bucket, through: span.bucket)
      list.bind(1, span.width)
      list.bind(2, span.bucket)
      list.bind(3, Int64(legs.count))
      list.bind(4, hasConnections ? 1 : 0)
      try list.run()
      for leg in legs {
        insertLeg.bind(1, span.width)
        insertLeg.bind(2, span.bucket)
        LegSpan.row.bind(leg, to: insertLeg, from: 3)
        try insertLeg.run()
      }
      insertPeaks.bind(1, span.width)
      insertPeaks.bind(2, span.bucket)
      try insertPeaks.run()
      for one in connections {
        insertConnections.bind(1, span.bucket)
        ConnectionSpan.row.bind(one, to: insertConnections, from: 2)
        try insertConnections.run()
      }
    }
  }

  /// Reads what the open transaction sees. It must be gone before the writer is closed.
  package func reader() -> StoreReader { StoreReader(connection) }
}

extension StoreWriter {
  /// The most of the narrower spans, which are all there; of the narrowest that of the units.
  fileprivate static func insertPeaks(width: Int64) -> String {
    let narrower = RollupSpan.widths.last { $0 < width }
    let source = narrower.map { "peak_span WHERE width_us = \($0) AND" } ?? "leg_peak WHERE"
    return """
      INSERT INTO peak_span
      SELECT ?1, ?2, series, service_host, service_port, key, host_source, max(in_flight) FROM \(source)
        bucket_us >= ?2 AND bucket_us < ?2 + ?1 GROUP BY series, service_host, service_port, key, host_source
      """
  }
}
