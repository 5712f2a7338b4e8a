package import AccessLog

extension StoreReader {
  /// The pods that Kubernetes objects tell of.
  /// - Throws: `StoreError`
  package func knownPods() throws -> [KnownPod] {
    var pods: [KnownPod] = []
    try connection.read { db in pods = try KnownPod.all(db) }
    return pods
  }

  /// The services and endpoints that Kubernetes objects tell of.
  /// - Throws: `StoreError`
  package func knownServices() throws -> [KubernetesObject] {
    var objects: [KubernetesObject] = []
    var last: Int64?
    let sql = """
      SELECT o.id, o.kind, o.mesh_cluster, o.namespace, o.name, o.uid, o.version, o.first_us, o.owner, e.address, e.port,
        e.port_name, e.pod, e.zone
      FROM kubernetes_object o JOIN kubernetes_endpoint e ON e.object = o.id WHERE o.kind IN (2, 3)
        AND NOT (o.mesh_cluster = '' AND o.uid <> '' AND EXISTS (
          SELECT 1 FROM kubernetes_object p WHERE p.kind = o.kind AND p.mesh_cluster <> '' AND p.namespace = o.namespace
            AND p.name = o.name AND p.uid = o.uid))
      ORDER BY o.mesh_cluster, o.namespace, o.name, o.uid, o.id, e.address, e.port, e.port_name, e.pod, e.zone
      """
    try rows(sql, [:]) { row in
      if row.number(0) != last {
        last = row.number(0)
        var object = KubernetesObject(
          kind: row.number(1) == 2 ? .service : .endpoints, name: row.text(4) ?? "")
        (object.meshCluster, object.namespace) = (row.text(2) ?? "", row.text(3) ?? "")
        (object.uid, object.version) = (row.text(5) ?? "", row.number(6))
        (object.first, object.owner) = (row.integer(7), row.text(8) ?? "")
        objects.append(object)
      }
      objects[objects.count - 1].endpoints.append(
        .init(
          address: row.text(9) ?? "", port: row.number(10), portName: row.text(11) ?? "",
          pod: row.text(12) ?? "", zone: row.text(13) ?? ""))
    }
    return objects
  }
}
