/// A pod as Kubernetes tells of it.
package struct KnownPod: Sendable, Hashable {
  package var meshCluster = ""
  package var namespace = ""
  package var name = ""
  package var workload = ""
  package var node = ""
  /// Of its node; empty where that is not known.
  package var zone = ""
  /// Its IPs, in their one spelling.
  package var addresses: Set<String> = []
  /// When it came and went, microseconds since the epoch; nil where that is not said.
  package var first: Int64?
  package var last: Int64?

  package init() {}

  /// Microseconds by which a node's clock and the API server's may differ.
  private static let clocks: Int64 = 5_000_000

  /// Whether it may have been there within a time, as far as is known.
  package func mayLive(from: Int64, to: Int64) -> Bool {
    (first ?? .min) <= to.addingReportingOverflow(KnownPod.clocks).partialValue
      && (last ?? .max) >= from.subtractingReportingOverflow(KnownPod.clocks).partialValue
  }
}
