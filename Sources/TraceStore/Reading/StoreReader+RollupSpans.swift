extension StoreReader {
  /// The start of the newest unit of time that was correlated, microseconds since the epoch; nil without any.
  package func newestUnitStart() throws -> Int64? {
    var newest: Int64?
    try rows("SELECT max(first_start_us) FROM correlated_unit", [:]) { newest = $0.integer(0) }
    return newest
  }

  /// Spans of a width that have rows of the rollup, end at or before `closed` (microseconds since the epoch) and were not looked
  /// at since these changed; the newest first.
  package func missingSpans(_ width: Int64, closed: Int64, limit: Int) throws -> [RollupSpan] {
    assert(RollupSpan.widths.contains(width) && limit > 0)
    // One seek for each span that has anything, however many rows that are.
    let sql = """
      WITH RECURSIVE found (bucket_us) AS (
        SELECT min(bucket_us) FROM leg_rollup
        UNION ALL
        SELECT (SELECT min(r.bucket_us) FROM leg_rollup r
          WHERE r.bucket_us >= f.bucket_us - ((f.bucket_us % :width_us) + :width_us) % :width_us + :width_us)
        FROM found f WHERE f.bucket_us < :closed_us
      ), span (bucket_us) AS (SELECT bucket_us - ((bucket_us % :width_us) + :width_us) % :width_us FROM found)
      SELECT bucket_us FROM span s
      WHERE bucket_us + :width_us <= :closed_us
        AND NOT EXISTS (SELECT 1 FROM rollup_span r WHERE r.width_us = :width_us AND r.bucket_us = s.bucket_us)
      ORDER BY bucket_us DESC LIMIT :limit
      """
    let parameters: [String: SQLValue] = [
      "width_us": .integer(width), "closed_us": .integer(closed), "limit": .integer(Int64(limit)),
    ]
    var spans: [RollupSpan] = []
    try rows(sql, parameters) { spans.append(RollupSpan(width: width, bucket: $0.number(0))) }
    return spans
  }

  /// The spans that were looked at and not dropped since, by width and start.
  package func rollupSpans() throws -> [(span: RollupSpan, state: SpanState)] {
    var spans: [(RollupSpan, SpanState)] = []
    let sql = """
      SELECT width_us, bucket_us, legs, has_connections FROM rollup_span ORDER BY width_us, bucket_us
      """
    try rows(sql, [:]) { row in
      spans.append(
        (
          RollupSpan(width: row.number(0), bucket: row.number(1)),
          SpanState(legs: row.number(2), hasConnections: row.number(3) == 1)
        ))
    }
    return spans
  }

  /// Whether all spans of a width within a stretch of time, microseconds since the epoch, that were looked at have their
  /// connections.
  package func haveConnections(_ width: Int64, in range: Range<Int64>) throws -> Bool {
    assert(RollupSpan.widths.contains(width))
    var all = true
    let sql = """
      SELECT ifnull(min(has_connections), 1) FROM rollup_span
      WHERE width_us = :width_us AND bucket_us >= :since_us AND bucket_us < :until_us
      """
    let parameters: [String: SQLValue] = [
      "width_us": .integer(width), "since_us": .integer(range.lowerBound),
      "until_us": .integer(range.upperBound),
    ]
    try rows(sql, parameters) { all = $0.number(0) == 1 }
    return all
  }

  /// How many rows of what was in flight in a listed span are not the most of its units.
  package func wrongPeaks(of span: RollupSpan) throws -> Int64 {
    var wrong: Int64 = 0
    let stored = """
      SELECT series, service_host, service_port, key, host_source, in_flight FROM peak_span
        WHERE width_us = :width_us AND bucket_us = :since_us
      """
    let counted = """
      SELECT series, service_host, service_port, key, host_source, max(in_flight) FROM leg_peak
        WHERE bucket_us >= :since_us AND bucket_us < :since_us + :width_us
        GROUP BY series, service_host, service_port, key, host_source
      """
    let sql = """
      SELECT (SELECT count(*) FROM (\(stored) EXCEPT \(counted)))
        + (SELECT count(*) FROM (SELECT * FROM (\(counted)) EXCEPT \(stored)))
      """
    let parameters: [String: SQLValue] = [
      "width_us": .integer(span.width), "since_us": .integer(span.bucket),
    ]
    try rows(sql, parameters) { wrong = $0.number(0) }
    return wrong
  }

  /// Rows of spans that are not listed: none can be left behind by meshweft.
  package func strayRollupSpans() throws -> Int64 {
    var stray: Int64 = 0
    let sql = """
      SELECT (SELECT count(*) FROM leg_span l WHERE NOT EXISTS
          (SELECT 1 FROM rollup_span r WHERE (r.width_us, r.bucket_us) = (l.width_us, l.bucket_us)))
        + (SELECT count(*) FROM peak_span p WHERE NOT EXISTS
          (SELECT 1 FROM rollup_span r WHERE (r.width_us, r.bucket_us) = (p.width_us, p.bucket_us)))
        + (SELECT count(*) FROM connection_span c WHERE NOT EXISTS (SELECT 1 FROM rollup_span r
          WHERE (r.width_us, r.bucket_us) = (\(RollupSpan.connectionWidth), c.bucket_us) AND r.has_connections = 1))
      """
    try rows(sql, [:]) { stray = $0.number(0) }
    return stray
  }
}
