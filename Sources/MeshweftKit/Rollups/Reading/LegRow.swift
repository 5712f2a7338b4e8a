internal import TraceStore

/// A row of the rollup, or of a span of it; times in microseconds. What is packed in it can be read inside
/// `LegTable.forEach` only.
struct LegRow {
  let group: LegTable.Group
  /// Start of the unit of time, or of the span.
  let bucket: Int64
  let requests: Int64
  let attempts: Int64
  let busy: Int64
  let bytesSent: Int64
  let bytesReceived: Int64
  let firstStart: Int64
  let lastStart: Int64
  private let isSpan: Bool
  private let values: SQLRow

  /// From a row of legs.sql or leg_counts.sql; or of leg_spans.sql or leg_span_counts.sql, whose columns are the same but for
  /// the tenth.
  init(_ row: SQLRow, _ group: LegTable.Group, isSpan: Bool) {
    assert(row.begins(with: isSpan ? LegColumn.spanNames : LegColumn.names))
    self.group = group
    bucket = row.number(LegColumn.bucket)
    requests = row.number(LegColumn.requests)
    attempts = row.number(LegColumn.attempts)
    busy = row.number(LegColumn.busy)
    bytesSent = row.number(LegColumn.bytesSent)
    bytesReceived = row.number(LegColumn.bytesReceived)
    firstStart = row.number(LegColumn.firstStart)
    lastStart = row.number(LegColumn.lastStart)
    self.isSpan = isSpan
    values = row
  }

  /// TCP connections between client and server, which are no requests.
  var tcpConnections: Int64 { group.isTCP ? attempts : 0 }
  /// Attempts of requests.
  var requestAttempts: Int64 { group.isTCP ? 0 : attempts }

  var failures: Int64 { group.failureCode == nil ? 0 : attempts }
  var failedRequests: Int64 { group.failureCode == nil ? 0 : group.isTCP ? attempts : requests }

  /// Of a unit's row. A span's are not in its rows.
  var hasConnections: Bool { !isSpan && values.withBytes(LegColumn.packed) { !$0.isEmpty } }

  /// What a histogram is of.
  enum Times {
    case client, server, border

    fileprivate var column: Int {
      switch self {
      case .client: LegColumn.clientTimes
      case .server: LegColumn.serverTimes
      case .border: LegColumn.borderTimes
      }
    }
  }

  /// Adds a histogram's durations; only of rows with times.
  /// - Returns: whether there were any.
  @discardableResult
  func addTimes(_ times: Times, to sum: inout DurationSum) -> Bool {
    values.withBytes(times.column) { bytes in
      sum.add(encoded: bytes)
      return !bytes.isEmpty
    }
  }

  /// Of the requests' links, in ten-thousandths; only of rows with times.
  var confidenceSum: Int64 { values.number(LegColumn.confidenceSum) }
  var confidenceMin: Int64 { values.number(LegColumn.confidenceMin) }

  /// Hands out its minutes (starts, microseconds since the epoch) and their attempts; those without any may be left out.
  func forEachMinute(_ body: (_ start: Int64, _ attempts: Int64) -> Void) {
    guard isSpan else { return body(LegTable.minuteStart(bucket), attempts) }
    values.withBytes(LegColumn.packed) { bytes in MinuteCounts.forEach(bytes, from: bucket, body) }
  }
}
