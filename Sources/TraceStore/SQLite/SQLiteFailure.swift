internal import GRDBSQLite

/// SQLite's own words about what went wrong, before `StoreError` sorts it.
struct SQLiteFailure: Error {
  var code: Int32
  var detail: String

  init(_ connection: OpaquePointer, code: Int32) {
    self.code = code
    // Safe: the message is copied at once, before the connection is used again.
    unsafe self.detail = String(cString: sqlite3_errmsg(connection))
  }
}
