internal import TraceStore

/// Whose log a line stands in.
struct FindingSource: Hashable {
  /// Of the file.
  var name: String
  var meshCluster: String
  var namespace: String
  /// The log's name where no pod is known.
  var pod: String
  var workload: String
  var hasIdentity: Bool

  /// The workload, or the log's name where none is known.
  var caller: String { workload.isEmpty ? pod : workload }
}

extension FindingSource {
  /// From a row of finding_attributes.sql.
  init(_ row: SQLRow) {
    name = row.text(20) ?? ""
    meshCluster = row.text(21) ?? ""
    namespace = row.text(22) ?? ""
    let pod = row.text(23) ?? ""
    hasIdentity = !pod.isEmpty
    self.pod = pod.isEmpty ? name : pod
    workload = row.text(24) ?? ""
  }
}
