/// Where hops come from: one log, written by one proxy.
package struct SourceIdentity: Sendable, Hashable {
  /// The log's file name without folders and .gz; for a stream `CLUSTER.NAMESPACE.POD.CONTAINER.log`.
  package var name: String
  package var meshCluster: String
  package var namespace: String
  package var pod: String
  package var container: String
  /// The pod's workload, from its name; empty where no pod is known.
  package var workload: String

  package init(
    name: String, meshCluster: String = "", namespace: String = "", pod: String = "", container: String = "",
    workload: String = ""
  ) {
    self.name = name
    self.meshCluster = meshCluster
    self.namespace = namespace
    self.pod = pod
    self.container = container
    self.workload = workload
  }
}
