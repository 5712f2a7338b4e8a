extension LegSpan {
  /// A row of `leg_span`, without its span.
  static let row = RowLayout<LegSpan>(columns: [
    .number("leg_group", \.group), .number("kind", \.kind), .number("requests", \.requests),
    .number("attempts", \.attempts), .number("busy_us", \.busy), .number("bytes_sent", \.bytesSent),
    .number("bytes_received", \.bytesReceived), .number("first_start_us", \.firstStart),
    .number("last_start_us", \.lastStart), .bytes("minutes", \.minutes),
    .number("confidence_sum", \.confidenceSum), .number("confidence_min", \.confidenceMin),
    .bytes("client_times", \.clientTimes), .bytes("server_times", \.serverTimes),
    .bytes("border_times", \.borderTimes),
  ])
}
