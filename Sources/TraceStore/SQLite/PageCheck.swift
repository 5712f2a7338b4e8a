internal import CPageCheck
internal import GRDB
internal import GRDBSQLite

/// The checks that pages of a database end with (docs/explanation/decisions/0012-page-checks.md): a page that is not what was
/// written is an error wherever it is read, and changes no figure in silence.
enum PageCheck {
  /// SQLite's code of registering the layer that writes and verifies checks: once for the process, for all its connections.
  private static let registration = page_check_register()

  /// Before the first connection is opened.
  static func register() {
    precondition(registration == SQLITE_OK, "SQLite takes no layer below it")
  }

  /// Opens what may be damaged: pages are given whatever their checks say.
  static func openUnchecked(_ name: String, _ handle: inout OpaquePointer?) -> Int32 {
    register()
    // Safe: SQLite copies the name, and the layer's name lives for ever.
    return unsafe sqlite3_open_v2(name, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, page_check_below())
  }

  /// Has a database that is about to be made, or rewritten by VACUUM, leave room for checks.
  static func reserveRoom(_ db: Database) {
    var bytes = Int32(PAGE_CHECK_BYTES)
    guard let handle = unsafe db.sqliteConnection else { return }
    // Safe: the connection is open while GRDB hands out `db`, and this control reads one Int32.
    unsafe _ = sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes)
  }
}
