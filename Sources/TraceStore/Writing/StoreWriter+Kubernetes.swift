package import AccessLog

extension StoreWriter {
  /// Stores what Kubernetes objects say. Of several states of one object the newest is kept, in whatever order they come
  /// (`KubernetesObject.replaces`).
  /// - Returns: how many were new or newer.
  /// - Throws: `StoreError`; the transaction is then rolled back.
  @discardableResult
  package func store(_ objects: [KubernetesObject]) throws(StoreError) -> Int {
    if objects.isEmpty { return 0 }
    let statements = try KubernetesStatements(connection)
    return try transaction { (_) throws(SQLiteFailure) in
      var stored = 0
      for object in objects {
        if try statements.store(object) { stored += 1 }
      }
      return stored
    }
  }
}

/// Kubernetes objects in and out of the store.
private struct KubernetesStatements {
  private let find, findEndpoints, insert, update, dropEndpoints, insertEndpoint: RawStatement

  init(_ connection: StoreConnection) throws(StoreError) {
    find = try connection.statement(
      """
      SELECT id, version, first_us, last_us, owner, node, zone FROM kubernetes_object
      WHERE kind = ? AND mesh_cluster = ? AND namespace = ? AND name = ? AND uid = ?
      """)
    findEndpoints = try connection.statement(
      """
      SELECT address, port, port_name, pod, zone FROM kubernetes_endpoint WHERE object = ?
      ORDER BY address, CAST(port AS TEXT), port_name, pod, zone
      """)
    insert = try connection.statement(
      """
      INSERT INTO kubernetes_object (kind, mesh_cluster, namespace, name, uid, version, first_us, last_us, owner, node,
        zone, is_settled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
      """)
    update = try connection.statement(
      """
      UPDATE kubernetes_object SET version = ?2, first_us = ?3, last_us = ?4, owner = ?5, node = ?6, zone = ?7,
        is_settled = 0 WHERE id = ?1
      """)
    dropEndpoints = try connection.statement("DELETE FROM kubernetes_endpoint WHERE object = ?")
    insertEndpoint = try connection.statement(
      "INSERT INTO kubernetes_endpoint (object, address, port, port_name, pod, zone) VALUES (?, ?, ?, ?, ?, ?)"
    )
  }

  /// - Returns: whether anything changed.
  func store(_ object: KubernetesObject) throws(SQLiteFailure) -> Bool {
    guard let (id, known) = try found(object) else {
      bindNames(object, insert)
      bindContent(object, insert, from: 6)
      try store(object.endpoints, of: try insert.insertedID())
      return true
    }
    guard object.replaces(known) else { return false }
    update.bind(1, id)
    bindContent(object, update, from: 2)
    try update.run()
    dropEndpoints.bind(1, id)
    try dropEndpoints.run()
    try store(object.endpoints, of: id)
    return true
  }

  private func bindNames(_ object: KubernetesObject, _ statement: RawStatement) {
    statement.bind(1, object.kind.rawValue)
    for (index, text) in [object.meshCluster, object.namespace, object.name, object.uid].enumerated() {
      statement.bindText(Int32(index) + 2, text)
    }
  }

  private func bindContent(_ object: KubernetesObject, _ statement: RawStatement, from place: Int32) {
    statement.bind(place, object.version)
    statement.bind(place + 1, object.first)
    statement.bind(place + 2, object.last)
    for (index, text) in [object.owner, object.node, object.zone].enumerated() {
      statement.bindText(place + 3 + Int32(index), text)
    }
  }

  private func store(_ endpoints: [KubernetesObject.Endpoint], of id: Int64) throws(SQLiteFailure) {
    for endpoint in endpoints {
      insertEndpoint.bind(1, id)
      insertEndpoint.bindText(2, endpoint.address)
      insertEndpoint.bind(3, endpoint.port)
      insertEndpoint.bindText(4, endpoint.portName)
      insertEndpoint.bindText(5, endpoint.pod)
      insertEndpoint.bindText(6, endpoint.zone)
      try insertEndpoint.run()
    }
  }

  private func found(_ object: KubernetesObject) throws(SQLiteFailure) -> (id: Int64, KubernetesObject)? {
    bindNames(object, find)
    defer { find.reset() }
    guard try find.step() else { return nil }
    var known = object
    let id = find.integer(0)
    known.version = find.integer(1)
    known.first = find.optionalInteger(2)
    known.last = find.optionalInteger(3)
    known.owner = find.optionalText(4) ?? ""
    known.node = find.optionalText(5) ?? ""
    known.zone = find.optionalText(6) ?? ""
    known.endpoints = []
    findEndpoints.bind(1, id)
    defer { findEndpoints.reset() }
    while try findEndpoints.step() {
      known.endpoints.append(
        .init(
          address: findEndpoints.optionalText(0) ?? "", port: findEndpoints.integer(1),
          portName: findEndpoints.optionalText(2) ?? "", pod: findEndpoints.optionalText(3) ?? "",
          zone: findEndpoints.optionalText(4) ?? ""))
    }
    return (id, known)
  }
}
