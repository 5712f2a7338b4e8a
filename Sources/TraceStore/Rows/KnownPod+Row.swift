internal import GRDB

extension KnownPod {
  /// One row for each address, those of one pod one behind the other; a pod that is told with its mesh cluster and without is
  /// the former.
  static let select = """
    SELECT p.id, p.mesh_cluster, p.namespace, p.name, p.owner, p.node, p.first_us, p.last_us, ifnull(e.address, ''),
      ifnull((SELECT max(n.zone) FROM kubernetes_object n WHERE n.kind = 4 AND n.name = p.node
        AND n.namespace = '' AND n.mesh_cluster IN (p.mesh_cluster, '')), '')
    FROM kubernetes_object p LEFT JOIN kubernetes_endpoint e ON e.object = p.id
    WHERE p.kind = 1 AND NOT (p.mesh_cluster = '' AND p.uid <> '' AND EXISTS (
      SELECT 1 FROM kubernetes_object o WHERE o.kind = 1 AND o.mesh_cluster <> '' AND o.namespace = p.namespace
        AND o.name = p.name AND o.uid = p.uid))
    ORDER BY p.mesh_cluster, p.namespace, p.name, p.uid, p.id, 9
    """

  static func all(_ db: Database) throws -> [KnownPod] {
    var pods: [KnownPod] = []
    var last: Int64?
    for row in try Row.fetchAll(db, sql: select) {
      let id: Int64 = row[0]
      if id != last {
        var pod = KnownPod()
        pod.meshCluster = row[1]
        pod.namespace = row[2]
        pod.name = row[3]
        pod.workload = row[4]
        pod.node = row[5]
        pod.first = row[6]
        pod.last = row[7]
        pod.zone = row[9]
        pods.append(pod)
        last = id
      }
      let address: String = row[8]
      if !address.isEmpty { pods[pods.count - 1].addresses.insert(address) }
    }
    return pods
  }
}
