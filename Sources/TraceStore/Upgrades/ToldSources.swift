internal import AccessLog
internal import GRDB
internal import GRDBSQLite

/// Step 7 of the schema: what was told about sources apart from what it is taken for. All is linked anew, for hosts and
/// connections are told apart by more now.
///
/// Lines that are there keep the names that they have: these depend on how their sources were told, so that only logs that
/// are told alike are known again.
enum ToldSources {
  /// `found`: the schema before, 0 for a database that is being made.
  static func bringIn(_ db: Database, from found: Int) throws {
    guard found > 0 else { return }
    try db.execute(sql: told)
    try rehash(db)
    try db.execute(
      sql: """
        DELETE FROM correlated_unit;
        INSERT INTO pending (first_start_us, last_end_us)
          SELECT min(start_us), max(end_us) FROM hop_time HAVING count(*) > 0;
        """)
  }

  /// The IP that an attribute set's lines have for their own, as `OwnAddress` reads it, of IPv4.
  private static let own = """
    CASE WHEN role = 2 AND downstream_local > 0 THEN downstream_local >> 16
      WHEN role IN (1, 3, 4) THEN upstream_local_ip END
    """

  private static let told = """
    CREATE TEMP TABLE own AS
      SELECT a.id AS id, a.source AS source, first_us,
        CASE WHEN ip IS NULL OR ip >> 24 IN (0, 127) THEN ''
          ELSE printf('%d.%d.%d.%d', ip >> 24 & 255, ip >> 16 & 255, ip >> 8 & 255, ip & 255) END AS address
      FROM (SELECT id, source, \(own) AS ip FROM attribute_set) a LEFT JOIN
        (SELECT h.attributes AS attributes, min((h.id >> 20) * 1000 + h.start_offset_us) AS first_us FROM hop h
          GROUP BY 1) f ON f.attributes = a.id;
    INSERT INTO told_source (pod, address, name, mesh_cluster, namespace, container, source, first_us, is_settled,
        is_doubtful)
      SELECT s.pod, ifnull(o.address, ''), s.name, s.mesh_cluster, s.namespace, s.container, s.id, min(o.first_us), 0, 0
      FROM source s LEFT JOIN own o ON o.source = s.id GROUP BY s.id, ifnull(o.address, '');
    CREATE INDEX told_of_source ON told_source (source, address);
    CREATE INDEX temp.own_of_set ON own (id);
    UPDATE attribute_set SET told = (SELECT t.id FROM own o JOIN told_source t ON t.source = o.source
      AND t.address = o.address WHERE o.id = attribute_set.id);
    DROP INDEX told_of_source;
    DROP TABLE own;
    """

  private static func rehash(_ db: Database) throws {
    // Safe: the connection is open while GRDB hands out `db`, and the statements go at the end of this function.
    guard let handle = unsafe db.sqliteConnection else { throw SQLiteFailure.closed }
    let values = try StoreSecret.tables.lazy.compactMap { table in
      try Row.fetchOne(db, sql: StoreSecret.select(table))
    }.map { row in (0..<4).map { row[$0] as Int64 } }
    guard let secret = values.lazy.compactMap(StoreSecret.secret).first else {
      throw SQLiteFailure(code: SQLITE_CORRUPT, detail: "the key of its hashes is lost")
    }
    try db.execute(sql: "DROP INDEX attribute_set_hash")
    let key = secret.key(for: .attributeSets)
    let columns = StoredAttributes.columns(7)
    try KeyedHashes.rewrite(
      unsafe RawStatement(handle, "SELECT id, \(columns.joined(separator: ", ")) FROM attribute_set"),
      unsafe RawStatement(handle, "UPDATE attribute_set SET hash = ?2 WHERE id = ?1")
    ) { row in
      StoredAttributes(values: columns.indices.map { row.optionalInteger(Int32($0) + 1) }).hash(key)
    }
    try db.execute(
      sql: "CREATE INDEX attribute_set_hash ON attribute_set (hash)")
  }
}
