/// The time of some hops that were stored together, and wait for correlation.
package struct PendingRange: Sendable, Equatable {
  /// Later ones have larger ids, whatever was deleted meanwhile.
  package var id: Int64
  /// From the first start to the last end, microseconds since the epoch.
  package var range: ClosedRange<Int64>
  /// Whether all are hops of proxies: connections, which change nothing but the links of requests within their time.
  package var isOfConnections: Bool
  /// The key of the hop, where it was one alone.
  package var hop: Int64?
}
