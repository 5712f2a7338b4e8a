extension FindingSource {
  /// Workload, namespace and mesh cluster.
  var place: String { "\(meshCluster)/\(namespace)/\(workload)" }
}
