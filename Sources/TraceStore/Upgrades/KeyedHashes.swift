internal import AccessLog
internal import GRDB

/// Step 6 of the schema: a secret for the database, and hashes under it in the place of those that anybody can compute.
///
/// Lines that are there keep the names that they have, for they are not stored and must be known when they come again; so
/// do ids in their index, which is asked for both.
enum KeyedHashes {
  /// `found`: the schema before, 0 for a database that is being made.
  static func bringIn(_ db: Database, from found: Int) throws {
    let secret = HashSecret(key: .random(), lines: found == 0 ? .body : .open)
    try StoreSecret.write(secret, db)
    if found > 0 { try rehash(db, secret) }
  }

  private static func rehash(_ db: Database, _ secret: HashSecret) throws {
    // Safe: the connection is open while GRDB hands out `db`, and the statements go at the end of this function.
    guard let handle = unsafe db.sqliteConnection else { throw SQLiteFailure.closed }
    // Rows are changed one by one; an index on what changes would be written all over.
    try db.execute(sql: "DROP INDEX text_hash; DROP INDEX attribute_set_hash")
    let texts = secret.key(for: .texts)
    try rewrite(
      unsafe RawStatement(handle, "SELECT id, text FROM text"),
      unsafe RawStatement(handle, "UPDATE text SET hash = ?2 WHERE id = ?1")
    ) { row in
      TextDictionary.stored(unsafe row.withBytes(1) { unsafe texts.hash($0) }, mask: .max)
    }
    let sets = secret.key(for: .attributeSets)
    let columns = StoredAttributes.columns(6)
    try rewrite(
      unsafe RawStatement(handle, "SELECT id, \(columns.joined(separator: ", ")) FROM attribute_set"),
      unsafe RawStatement(handle, "UPDATE attribute_set SET hash = ?2 WHERE id = ?1")
    ) { row in
      StoredAttributes(values: columns.indices.map { row.optionalInteger(Int32($0) + 1) }).hash(sets)
    }
    try db.execute(
      sql: "CREATE INDEX text_hash ON text (hash); CREATE INDEX attribute_set_hash ON attribute_set (hash)")
  }

  static func rewrite(
    _ select: RawStatement, _ update: RawStatement, _ hash: (RawStatement) -> Int64
  ) throws {
    while try select.step() {
      update.bind(1, select.integer(0))
      update.bind(2, hash(select))
      try update.run()
    }
  }
}
