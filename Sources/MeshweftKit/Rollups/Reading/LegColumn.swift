internal import TraceStore

/// Columns of legs.sql and leg_spans.sql.
enum LegColumn {
  static let group = 0
  static let bucket = 1
  static let requests = 2
  static let attempts = 3
  static let busy = 4
  static let bytesSent = 5
  static let bytesReceived = 6
  static let firstStart = 7
  static let lastStart = 8
  /// Keys of connections in legs.sql, minutes in leg_spans.sql.
  static let packed = 9
  static let confidenceSum = 10
  static let confidenceMin = 11
  static let clientTimes = 12
  static let serverTimes = 13
  static let borderTimes = 14

  /// What legs.sql calls them, and, with minutes for the tenth, leg_spans.sql; for assertions.
  static let names = names("connection_keys")
  static let spanNames = names("minutes")

  private static func names(_ packed: String) -> [String] {
    [
      "leg_group", "bucket_us", "requests", "attempts", "busy_us", "bytes_sent", "bytes_received",
      "first_start_us", "last_start_us", packed, "confidence_sum", "confidence_min", "client_times",
      "server_times", "border_times",
    ]
  }
}

extension SQLRow {
  /// Hands out the packed keys of a column, eight bytes each, little-endian. A report has hundreds of thousands.
  @inline(__always)
  func forEachKey(_ column: Int, _ body: (UInt64) -> Void) {
    withBytes(column) { bytes in
      let packed = unsafe bytes.bytes
      for place in stride(from: 0, through: packed.byteCount - 8, by: 8) {
        // Safe: at each place eight bytes are left, and any eight bytes are a number.
        let key = unsafe packed.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
        body(UInt64(littleEndian: key))
      }
    }
  }
}
