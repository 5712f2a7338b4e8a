internal import AccessLog
internal import GRDB

/// Where a database keeps the secret of its hashes: twice, each in a table, and so on a page, of its own. Whoever lost it
/// could not tell any more which lines are there already.
enum StoreSecret {
  static let tables = ["hash_key", "hash_key_copy"]

  static let tables6 = tables.map { table in
    """
    CREATE TABLE \(table) (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      first INTEGER NOT NULL,
      second INTEGER NOT NULL,
      lines INTEGER NOT NULL CHECK (lines IN (1, 2, 3)),
      seal INTEGER NOT NULL
    ) STRICT;

    """
  }.joined()

  static func select(_ table: String) -> String { "SELECT first, second, lines, seal FROM \(table)" }

  static func write(_ secret: HashSecret, _ db: Database) throws {
    let words = [secret.key.first, secret.key.second, UInt64(secret.lines.rawValue)]
    let values = (words + [seal(words)]).map { Int64(bitPattern: $0) }
    for table in tables {
      try db.execute(
        sql: "INSERT OR REPLACE INTO \(table) (id, first, second, lines, seal) VALUES (1, ?, ?, ?, ?)",
        arguments: StatementArguments(values))
    }
  }

  /// From a row of `select`; nil where it was damaged.
  static func secret(_ values: [Int64]) -> HashSecret? {
    let words = values.prefix(3).map { UInt64(bitPattern: $0) }
    guard values.count == 4, UInt64(bitPattern: values[3]) == seal(words),
      let lines = HashSecret.Lines(rawValue: values[2])
    else { return nil }
    return HashSecret(key: SipKey(words[0], words[1]), lines: lines)
  }

  /// Tells a secret that was damaged.
  private static func seal(_ words: [UInt64]) -> UInt64 { SipKey(0, 0).hash(words: words) }

  /// The values of `select` in the row that a statement is at.
  static func values(_ row: RawStatement) -> [Int64] { (0..<4).map { row.integer(Int32($0)) } }
}

extension StoreConnection {
  /// The secret of the database's hashes, read once.
  /// - Throws: `corrupt` where neither copy of it is whole.
  func hashSecret() throws(StoreError) -> HashSecret {
    if let knownSecret { return knownSecret }
    for table in StoreSecret.tables {
      let statement = try statement(StoreSecret.select(table))
      let found = try access { (_) throws(SQLiteFailure) in
        try statement.step() ? StoreSecret.secret(StoreSecret.values(statement)) : nil
      }
      if let found {
        knownSecret = found
        return found
      }
    }
    throw .corrupt(path: file.path, detail: "the key of its hashes is lost")
  }

  /// Takes on the secret of another database, whose rows this one is to have.
  func adopt(_ secret: HashSecret) throws(StoreError) {
    try access { db in try StoreSecret.write(secret, db) }
    knownSecret = secret
  }
}

extension DamagedStore {
  /// The secret of the database's hashes; nil where neither copy of it is whole, or there was none before schema 6.
  var hashSecret: HashSecret? {
    for table in StoreSecret.tables {
      guard let statement = try? statement(StoreSecret.select(table)), (try? statement.step()) == true else {
        continue
      }
      if let secret = StoreSecret.secret(StoreSecret.values(statement)) { return secret }
    }
    return nil
  }

  /// Whether it is of a schema before 6, whose hashes anybody can compute.
  var hasOpenHashes: Bool { (1..<6).contains(version) }

  /// Of its schema; 0 where that cannot be read.
  var version: Int64 {
    guard let statement = try? statement("PRAGMA user_version"), (try? statement.step()) == true else {
      return 0
    }
    return statement.integer(0)
  }
}
