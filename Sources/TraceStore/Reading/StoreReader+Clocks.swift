internal import Queries

extension StoreReader {
  /// How far the clocks of mesh clusters were apart, by pair, then in the order of time.
  /// - Throws: `StoreError`
  package func clocks() throws -> [StoredClock] {
    var clocks: [StoredClock] = []
    try run(.clocks) { row in
      var columns = RowCursor(row)
      let (client, server) = (columns.text("client_mesh_cluster"), columns.text("server_mesh_cluster"))
      clocks.append(
        StoredClock(
          clientMeshCluster: client ?? "", serverMeshCluster: server ?? "",
          reference: columns.number("reference_us"), offset: columns.double("offset_us") ?? 0,
          drift: columns.double("drift_ppm") ?? 0, uncertainty: columns.double("uncertainty_us") ?? 0,
          requests: columns.number("requests")))
    }
    return clocks
  }
}
