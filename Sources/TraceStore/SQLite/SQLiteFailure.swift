internal import GRDBSQLite

/// SQLite's own words about what went wrong, before `StoreError` sorts it.
struct SQLiteFailure: Error {
  var code: Int32
  var detail: String

  init(_ connection: OpaquePointer, code: Int32) {
    self.code = code
    unsafe self.detail = String(cString: sqlite3_errmsg(connection))
  }
}
