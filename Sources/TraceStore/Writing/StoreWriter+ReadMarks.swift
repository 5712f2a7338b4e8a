extension StoreWriter {
  /// Notes how far logs were read, with the lines that were stored of them where `begin()` was called before.
  ///
  /// Of a container two runs are kept: nobody can ask for earlier ones any more.
  /// - Throws: `StoreError`
  package func note(_ marks: [ReadMark]) throws(StoreError) {
    let insert = try connection.statement(
      """
      INSERT INTO collected_log (mesh_cluster, namespace, pod, container, uid, restarts, last_us, from_us, is_complete,
        read_as)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET last_us = excluded.last_us, from_us = excluded.from_us,
        is_complete = excluded.is_complete, read_as = excluded.read_as
      """)
    let forget = try connection.statement(
      """
      DELETE FROM collected_log WHERE mesh_cluster = ? AND namespace = ? AND pod = ? AND container = ?
        AND (uid <> ? OR restarts < ? - 1)
      """)
    try transaction { (_) throws(SQLiteFailure) in
      for mark in marks {
        bind(mark.run, forget)
        try forget.run()
        bind(mark.run, insert)
        insert.bind(7, mark.last)
        insert.bind(8, mark.from)
        insert.bind(9, mark.isComplete ? 1 : 0)
        insert.bindText(10, mark.readAs)
        try insert.run()
      }
    }
  }

  private func bind(_ run: ReadMark.Run, _ statement: RawStatement) {
    let names = [run.meshCluster, run.namespace, run.pod, run.container, run.uid]
    for (place, name) in names.enumerated() { statement.bindText(Int32(place) + 1, name) }
    statement.bind(6, run.restarts)
  }
}
