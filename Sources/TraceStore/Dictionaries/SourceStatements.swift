internal import AccessLog

/// What is told about sources, in and out of the store.
struct SourceStatements {
  let findTold, findAlike, insertTold, findSource, insertSource, lowerFirst, place, doubt,
    toldOfSet: RawStatement

  init(_ connection: StoreConnection) throws(StoreError) {
    findTold = try connection.statement(
      """
      SELECT id, source FROM told_source
      WHERE name = ? AND address = ? AND mesh_cluster = ? AND namespace = ? AND pod = ? AND container = ?
      """)
    findAlike = try connection.statement(
      """
      SELECT source FROM told_source
      WHERE mesh_cluster = ? AND namespace = ? AND pod = ? AND container = ? AND source <> 0 LIMIT 1
      """)
    insertTold = try connection.statement(
      """
      INSERT INTO told_source (name, address, mesh_cluster, namespace, pod, container, source, is_settled, is_doubtful)
      VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)
      """)
    findSource = try connection.statement(
      """
      SELECT id FROM source WHERE name = ? AND mesh_cluster = ? AND namespace = ? AND pod = ? AND container = ?
      """)
    insertSource = try connection.statement(
      """
      INSERT INTO source (name, mesh_cluster, namespace, pod, container, address, workload)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """)
    lowerFirst = try connection.statement(
      "UPDATE told_source SET first_us = min(ifnull(first_us, ?2), ?2) WHERE id = ?1")
    place = try connection.statement("UPDATE told_source SET source = ?2, is_settled = 0 WHERE id = ?1")
    doubt = try connection.statement("UPDATE told_source SET is_doubtful = 1 WHERE id = ?1")
    toldOfSet = try connection.statement(
      """
      SELECT t.id, t.name, t.mesh_cluster, t.namespace, t.pod, t.container, t.address
      FROM attribute_set a JOIN told_source t ON t.id = a.told WHERE a.id = ?
      """)
  }

  /// What is told, with a source that it is taken for until all is known that there is (`SourceClasses`).
  func id(of told: SourceIdentity, address: String) throws(SQLiteFailure) -> Int64 {
    let words = [told.name, address] + told.origin.names
    for (index, word) in words.enumerated() { findTold.bindText(Int32(index) + 1, word) }
    let known = try findTold.step() ? (findTold.integer(0), findTold.integer(1)) : nil
    findTold.reset()
    if let known, known.1 != 0 { return known.0 }
    let source = try source(of: told, address: address)
    if let known {
      place.bind(1, known.0)
      place.bind(2, source)
      try place.run()
      return known.0
    }
    for (index, word) in words.enumerated() { insertTold.bindText(Int32(index) + 1, word) }
    insertTold.bind(Int32(words.count) + 1, source)
    return try insertTold.insertedID()
  }

  private func source(of told: SourceIdentity, address: String) throws(SQLiteFailure) -> Int64 {
    let isNamed = !told.origin.pod.isEmpty
    if isNamed {
      for (index, word) in told.origin.names.enumerated() {
        findAlike.bindText(Int32(index) + 1, word)
      }
      defer { findAlike.reset() }
      if try findAlike.step() { return findAlike.integer(0) }
    }
    let isStream = !isNamed && told.name == ToldSource.stream
    let name = isStream && !address.isEmpty ? address : told.name
    let words = [name] + told.origin.names
    for (index, word) in words.enumerated() { findSource.bindText(Int32(index) + 1, word) }
    defer { findSource.reset() }
    if try findSource.step() { return findSource.integer(0) }
    for (index, word) in (words + ["", told.workload]).enumerated() {
      insertSource.bindText(Int32(index) + 1, word)
    }
    return try insertSource.insertedID()
  }
}
