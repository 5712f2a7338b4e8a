internal import GRDBSQLite

/// A prepared statement of SQLite's C API, for rows by the million.
///
/// Binding through GRDB boxes each value; this binds and reads integers and bytes in place. It belongs to one
/// connection and one thread, and must go before its connection is closed. Indices count as SQLite's do:
/// parameters from 1, columns from 0.
@safe
final class RawStatement {
  // Safe: the statement is valid until `deinit`, and its owner keeps the connection open until then. SQLite checks indices
  // of parameters and columns. `withBytes` ends before the statement steps on; what is bound with `keeping` stays where it
  // is until the statement is reset, which is the caller's promise; all else is copied (SQLITE_TRANSIENT).
  private let handle: OpaquePointer
  private let connection: OpaquePointer

  /// - Throws: `SQLiteFailure` when the text is not SQL or names what is not there.
  init(_ connection: OpaquePointer, _ sql: String) throws(SQLiteFailure) {
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(
      connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared = unsafe prepared else {
      throw unsafe SQLiteFailure(connection, code: code)
    }
    unsafe self.handle = prepared
    unsafe self.connection = connection
  }

  deinit { unsafe sqlite3_finalize(handle) }

  @inline(__always)
  func bind(_ index: Int32, _ value: Int64) {
    unsafe sqlite3_bind_int64(handle, index, value)
  }

  @inline(__always)
  func bindNull(_ index: Int32) {
    unsafe sqlite3_bind_null(handle, index)
  }

  func bindDouble(_ index: Int32, _ value: Double) {
    unsafe sqlite3_bind_double(handle, index, value)
  }

  /// Whether it can change nothing.
  var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(handle) != 0 }

  func bind(_ index: Int32, _ value: Int64?) {
    if let value { bind(index, value) } else { bindNull(index) }
  }

  /// Binds UTF-8 without a copy: the bytes must stay where they are until the statement is reset.
  @inline(__always)
  func bindText(_ index: Int32, keeping bytes: UnsafeRawBufferPointer) {
    unsafe sqlite3_bind_text(handle, index, start(of: bytes), Int32(bytes.count), nil)
  }

  /// Binds a blob without a copy: the bytes must stay where they are until the statement is reset.
  @inline(__always)
  func bindBlob(_ index: Int32, keeping bytes: UnsafeRawBufferPointer) {
    unsafe sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count), nil)
  }

  /// Binds a copy; no bytes are an empty blob, not NULL.
  func bindBlob(_ index: Int32, _ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { bytes in
      _ = unsafe sqlite3_bind_blob(handle, index, start(of: bytes), Int32(bytes.count), transient)
    }
  }

  /// Binds a copy.
  func bindText(_ index: Int32, _ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      _ = unsafe sqlite3_bind_text(
        handle, index, start(of: UnsafeRawBufferPointer(utf8)), Int32(utf8.count), transient)
    }
  }

  /// Runs to the next row.
  /// - Returns: false at the end.
  @inline(__always)
  func step() throws(SQLiteFailure) -> Bool {
    let code = unsafe sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    throw failure(code)
  }

  /// Runs a statement that gives no rows, and makes it ready for the next time.
  @inline(__always)
  func run() throws(SQLiteFailure) {
    let code = unsafe sqlite3_step(handle)
    if code != SQLITE_DONE && code != SQLITE_ROW { throw failure(code) }
    unsafe sqlite3_reset(handle)
  }

  /// Runs an insertion or update that may change nothing.
  /// - Returns: whether it changed a row.
  @inline(__always)
  func runChanging() throws(SQLiteFailure) -> Bool {
    try run()
    return unsafe sqlite3_changes(connection) > 0
  }

  /// The id that the connection's last insertion gave its row.
  var lastInsertedID: Int64 { unsafe sqlite3_last_insert_rowid(connection) }

  /// Runs an `INSERT OR FAIL` of several rows.
  /// - Returns: how many rows went in before one whose key was taken; all of them where none was.
  func runUntilConflict(rows: Int) throws(SQLiteFailure) -> Int {
    let code = unsafe sqlite3_step(handle)
    if code == SQLITE_DONE {
      unsafe sqlite3_reset(handle)
      return rows
    }
    let extended = unsafe sqlite3_extended_errcode(connection)
    guard [keyTaken, rowTaken].contains(extended) else { throw failure(code) }
    unsafe sqlite3_reset(handle)
    return unsafe Int(sqlite3_changes(connection))
  }

  /// Ends a run, so that the statement can be bound and run again; bindings stay.
  @inline(__always)
  func reset() {
    unsafe sqlite3_reset(handle)
  }

  private func failure(_ code: Int32) -> SQLiteFailure {
    let failure = unsafe SQLiteFailure(connection, code: code)
    unsafe sqlite3_reset(handle)
    return failure
  }

  @inline(__always)
  func integer(_ column: Int32) -> Int64 {
    unsafe sqlite3_column_int64(handle, column)
  }

  @inline(__always)
  func isNull(_ column: Int32) -> Bool {
    unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
  }

  /// NULL reads as 0, which few values are: only then its type must be asked for.
  @inline(__always)
  func optionalInteger(_ column: Int32) -> Int64? {
    let value = integer(column)
    return value == 0 && isNull(column) ? nil : value
  }

  func double(_ column: Int32) -> Double {
    unsafe sqlite3_column_double(handle, column)
  }

  /// One of SQLITE_INTEGER, SQLITE_TEXT, SQLITE_BLOB, SQLITE_NULL.
  @inline(__always)
  func type(_ column: Int32) -> Int32 {
    unsafe sqlite3_column_type(handle, column)
  }

  /// A text or blob where SQLite has it; valid inside `body`. Embedded NULs are part of it.
  @inline(__always)
  func withBytes<T>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
    let start = unsafe sqlite3_column_blob(handle, column)
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    return unsafe try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }

  /// Text with whatever it holds, NULs included; "" for NULL.
  func text(_ column: Int32) -> String {
    unsafe withBytes(column) { bytes in unsafe String(decoding: bytes, as: UTF8.self) }
  }

  func optionalText(_ column: Int32) -> String? {
    isNull(column) ? nil : text(column)
  }

  var columnNames: [String] {
    unsafe (0..<sqlite3_column_count(handle)).map { columnName($0) }
  }

  func columnName(_ column: Int32) -> String {
    unsafe sqlite3_column_name(handle, column).map { unsafe String(cString: $0) } ?? ""
  }

  /// The parameters' names with their colon, in the order of their indices.
  var parameterNames: [String] {
    let count = unsafe sqlite3_bind_parameter_count(handle)
    return (0..<count).map { index in
      unsafe sqlite3_bind_parameter_name(handle, index + 1).map { unsafe String(cString: $0) } ?? ""
    }
  }

  /// An empty text is not NULL: SQLite takes a null pointer for that.
  @inline(__always)
  private func start(of bytes: UnsafeRawBufferPointer) -> UnsafePointer<CChar> {
    unsafe bytes.baseAddress.map { unsafe $0.assumingMemoryBound(to: CChar.self) } ?? emptyText
  }
}

/// `SQLITE_CONSTRAINT_PRIMARYKEY` and `SQLITE_CONSTRAINT_ROWID`, which C computes in macros.
private let keyTaken = SQLITE_CONSTRAINT | 6 << 8

private let rowTaken = SQLITE_CONSTRAINT | 10 << 8

// Safe: SQLite compares the bits with -1, and never calls them.
/// `SQLITE_TRANSIENT`, which C spells as a cast that Swift does not import.
nonisolated(unsafe) private let transient = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// A byte that an empty text can point to; never read and never freed.
nonisolated(unsafe) private let emptyText: UnsafePointer<CChar> = {
  let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
  unsafe byte.initialize(to: 0)
  return unsafe UnsafePointer(byte)
}()
