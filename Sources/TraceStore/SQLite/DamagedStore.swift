internal import AccessLog
internal import GRDBSQLite

/// A store that may be damaged anywhere, opened to take rows out of it.
///
/// Without GRDB, which would refuse it at once: with `writable_schema` on, SQLite passes over tables and views whose
/// definitions cannot be read, and gives the others. It is opened for reading only and stays as it is.
@safe
package final class DamagedStore {
  // Safe: the handle is open from `init` to `deinit`, and its statements go before.
  private let handle: OpaquePointer

  /// - Throws: `StoreError` where it cannot be read at all.
  package init(path: String) throws(StoreError) {
    let file = StoreFile(path: path)
    guard file.exists else { throw .missing(path: path) }
    guard file.isRegular else { throw .notAFile(path: path) }
    try OpenFiles.check(path: path)
    var opened: OpaquePointer?
    // Without a log nothing need be made beside it, which nobody would clear away.
    let withLog = file.letsReadersMakeFiles ? file.sqlitePath : file.sharedURI
    let name = file.writeAheadLog == nil ? file.immutableURI : withLog
    let code = unsafe PageCheck.openUnchecked(name, &opened)
    guard let opened = unsafe opened else {
      throw .failed(path: path, code: code, detail: "it cannot be opened")
    }
    unsafe handle = opened
    unsafe sqlite3_busy_timeout(handle, Int32(StoreLimits.busySeconds * 1000))
    for pragma in ["PRAGMA writable_schema = ON", "PRAGMA cell_size_check = ON"] {
      unsafe _ = sqlite3_exec(handle, pragma, nil, nil, nil)
    }
    // The first look at a damaged schema fails; it is read as far as it can be then.
    unsafe _ = sqlite3_exec(handle, "SELECT 1 FROM sqlite_schema", nil, nil, nil)
    let second = unsafe sqlite3_exec(handle, "SELECT 1 FROM sqlite_schema LIMIT 1", nil, nil, nil)
    guard second == SQLITE_OK else {
      throw unsafe StoreError(
        code: second, detail: String(cString: sqlite3_errmsg(handle)), path: path,
        busySeconds: StoreLimits.busySeconds)
    }
  }

  /// Every statement of its must be gone by then.
  deinit { unsafe sqlite3_close_v2(handle) }

  func statement(_ sql: String) throws(SQLiteFailure) -> RawStatement { try unsafe RawStatement(handle, sql) }
}
