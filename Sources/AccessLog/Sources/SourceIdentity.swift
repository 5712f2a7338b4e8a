/// Where hops come from: one log, written by one proxy.
package struct SourceIdentity: Sendable, Hashable {
  /// The log's file name without folders and .gz; for a stream `CLUSTER.NAMESPACE.POD.CONTAINER.log`.
  package var name: String
  package var origin: Origin<String>
  /// The pod's workload, from its name; empty where no pod is known.
  package var workload: String

  package init(name: String, origin: Origin<String> = Origin(), workload: String = "") {
    self.name = name
    self.origin = origin
    self.workload = workload
  }
}
