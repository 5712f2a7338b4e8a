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
  private static let firstColumn = 20

  /// From a row of finding_attributes.sql.
  init(_ row: SQLRow) {
    var columns = RowCursor(row, at: FindingSource.firstColumn)
    name = columns.text("source_name") ?? ""
    meshCluster = columns.text("mesh_cluster") ?? ""
    namespace = columns.text("namespace") ?? ""
    let pod = columns.text("pod") ?? ""
    hasIdentity = !pod.isEmpty
    self.pod = pod.isEmpty ? name : pod
    workload = columns.text("workload") ?? ""
  }
}
