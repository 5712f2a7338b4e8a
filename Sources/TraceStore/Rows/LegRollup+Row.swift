extension LegRollup {
  /// A row of `leg_rollup`, without its group.
  static let row = RowLayout<LegRollup>(columns: [
    .number("bucket_us", \.bucket), .number("requests", \.requests), .number("attempts", \.attempts),
    .derived("connections") { Int64($0.connections.count) }, .number("client_us", \.clientTime),
    .number("server_us", \.serverTime), .number("busy_us", \.busy), .number("bytes_sent", \.bytesSent),
    .number("bytes_received", \.bytesReceived), .number("confidence_sum", \.confidenceSum),
    .number("confidence_min", \.confidenceMin), .number("first_start_us", \.firstStart),
    .number("last_start_us", \.lastStart), .keys("connection_keys", \.connections),
    .bytes("client_times", \.clientTimes), .bytes("server_times", \.serverTimes),
    .bytes("border_times", \.borderTimes), .bytes("slowest", \.slowest), .bytes("costliest", \.costliest),
  ])
}
