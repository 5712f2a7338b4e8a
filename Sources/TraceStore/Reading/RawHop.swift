internal import GRDBSQLite

/// A row of `hop` as it is stored, with nothing resolved: what is held of the hops that are near in time.
struct RawHop {
  /// What an `ANY` column holds.
  enum Value: Equatable {
    case missing
    /// A `text (id)`.
    case number(Int64)
    case text(String)
    /// The bits of an id.
    case bits(high: UInt64, low: UInt64)
    /// Bytes that are no id.
    case other
  }

  /// Of `init`, in its order.
  static let columns = """
    id, start_offset_us, line, attributes, path, user_agent, request_id, duration_us, service_time_gap_ms, bytes_received,
    bytes_sent, upstream_local, downstream_remote, forwarded_for, trace_id
    """

  var id: Int64
  /// Microseconds since the epoch.
  var start: Int64
  var line: Int64
  var attributes: Int64
  var path: Value
  var userAgent: Value
  var requestID: Value
  var duration: Int64?
  var serviceTimeGap: Int64?
  var bytesReceived: Int64?
  var bytesSent: Int64?
  var upstreamLocal: Int64?
  var downstreamRemote: Int64?
  var forwardedFor: Value
  var traceID: Value

  /// From the row that a statement is at, which selects `columns`.
  init(_ row: RawStatement) {
    id = row.integer(0)
    start = (id >> HopKey.hashBits) &* 1000 &+ row.integer(1)
    line = row.integer(2)
    attributes = row.integer(3)
    path = Value(row, 4)
    userAgent = Value(row, 5)
    requestID = Value(row, 6)
    duration = row.optionalInteger(7)
    serviceTimeGap = row.optionalInteger(8)
    bytesReceived = row.optionalInteger(9)
    bytesSent = row.optionalInteger(10)
    upstreamLocal = row.optionalInteger(11)
    downstreamRemote = row.optionalInteger(12)
    forwardedFor = Value(row, 13)
    traceID = Value(row, 14)
  }

  /// Whether all of it is what a writer writes; else the view `hops` says what becomes of it.
  var isPlain: Bool {
    func isText(_ value: Value) -> Bool {
      switch value {
      case .missing, .number, .text: true
      case .bits, .other: false
      }
    }
    return isText(path) && isText(userAgent) && isText(forwardedFor) && requestID != .other
      && traceID != .other
  }
}

extension RawHop.Value {
  fileprivate init(_ row: RawStatement, _ column: Int32) {
    switch row.type(column) {
    case SQLITE_NULL: self = .missing
    case SQLITE_INTEGER: self = .number(row.integer(column))
    case SQLITE_TEXT: self = .text(row.text(column))
    case SQLITE_BLOB:
      self = unsafe row.withBytes(column) { bytes in
        guard bytes.count == 16 else { return .other }
        // Safe: there are 16 bytes, and they are read before the statement steps on.
        return unsafe .bits(
          high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
          low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
      }
    default: self = .other
    }
  }
}
