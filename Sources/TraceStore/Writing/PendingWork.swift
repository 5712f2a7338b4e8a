/// Stretches of time that wait for correlation, as they were when they were read.
package struct PendingWork: Sendable, Equatable {
  /// The time of some hops that were stored together.
  package struct Stretch: Sendable, Equatable {
    /// Later ones have larger ids, whatever was deleted meanwhile.
    package var id: Int64
    /// From the first start to the last end, microseconds since the epoch.
    package var range: ClosedRange<Int64>
    /// Whether all are hops of proxies: connections, which change nothing but the links of requests within their time.
    package var isOfConnections: Bool
    /// The key of the hop, where it was one alone.
    package var hop: Int64?
  }

  /// By first start, then last end.
  package var stretches: [Stretch] = []

  /// What came later is not covered; 0 where nothing waits.
  package var lastID: Int64 { stretches.reduce(0) { max($0, $1.id) } }
}
