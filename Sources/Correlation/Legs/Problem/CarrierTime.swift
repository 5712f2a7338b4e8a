/// When a client hop and a carrier can belong together.
enum CarrierTime {
  /// Microseconds by which a request may seem to end after its carrier: scheduling, and clocks within a cluster.
  static let slack: Int64 = 250_000

  /// Whether the request ran while the carrier lived.
  ///
  /// It may have begun before: a request that has to wait for a new connection starts before the connection does
  /// (measured: 196 of 738 first requests over HTTP/1.1, all over HTTP/2).
  static func overlaps(_ client: Hop, _ carrier: Hop, _ clocks: ClockTable) -> Bool {
    let skew = clocks.pair(client, carrier).skew(at: client.start)
    return client.latestEnd + skew >= carrier.start - slack
      && client.start + skew <= carrier.latestEnd + slack
      && client.end + skew <= carrier.latestEnd + slack
  }
}
