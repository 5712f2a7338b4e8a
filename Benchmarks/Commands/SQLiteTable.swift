internal import GRDBSQLite

/// SQLite refused something.
struct SQLiteFailure: Error, CustomStringConvertible {
  let description: String
}

/// A table `INTEGER PRIMARY KEY` + integer columns behind SQLite's C interface: the fastest way to write rows from Swift.
///
/// WAL, `synchronous = NORMAL`, no index. The values look like a hop's: small numbers, a few larger ones.
@safe
final class SQLiteTable {
  private let connection: OpaquePointer
  private let insertStatement: OpaquePointer
  private let columns: Int32

  init(path: String, columns: Int) throws(SQLiteFailure) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    guard unsafe sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK, let connection = unsafe opened
    else {
      throw SQLiteFailure(description: "cannot open \(path)")
    }
    let names = (0..<columns).map { "c\($0)" }
    let marks = Array(repeating: "?", count: columns + 1).joined(separator: ",")
    try unsafe Self.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", on: connection)
    try unsafe Self.execute(
      "CREATE TABLE hop (key INTEGER PRIMARY KEY, \(names.map { "\($0) INTEGER NOT NULL" }.joined(separator: ", "))) STRICT",
      on: connection)
    var prepared: OpaquePointer?
    guard
      unsafe sqlite3_prepare_v2(connection, "INSERT INTO hop VALUES (\(marks))", -1, &prepared, nil)
        == SQLITE_OK,
      let insertStatement = unsafe prepared
    else { throw unsafe Self.failure(of: connection) }
    unsafe self.connection = connection
    unsafe self.insertStatement = insertStatement
    self.columns = Int32(columns)
  }

  deinit {
    unsafe sqlite3_finalize(insertStatement)
    unsafe sqlite3_close_v2(connection)
  }

  func inTransaction(_ body: () throws -> Void) throws {
    try unsafe Self.execute("BEGIN IMMEDIATE", on: connection)
    try body()
    try unsafe Self.execute("COMMIT", on: connection)
  }

  func insert(key: Int64, random: inout SplitMix64) throws(SQLiteFailure) {
    unsafe sqlite3_bind_int64(insertStatement, 1, key)
    var word: UInt64 = 0
    for column in 0..<columns {
      if column % 4 == 0 { word = random.next() }
      // 8, 16, 24 and 32 bits in turn.
      let value = Int64((word >> UInt64(column % 4 * 8)) & ((1 << UInt64(column % 4 * 8 + 8)) - 1))
      unsafe sqlite3_bind_int64(insertStatement, column + 2, value)
    }
    guard unsafe sqlite3_step(insertStatement) == SQLITE_DONE else {
      throw unsafe Self.failure(of: connection)
    }
    unsafe sqlite3_reset(insertStatement)
  }

  private static func execute(_ sql: String, on connection: OpaquePointer) throws(SQLiteFailure) {
    guard unsafe sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else {
      throw unsafe failure(of: connection)
    }
  }

  private static func failure(of connection: OpaquePointer) -> SQLiteFailure {
    unsafe SQLiteFailure(description: "SQLite: " + String(cString: sqlite3_errmsg(connection)))
  }
}
