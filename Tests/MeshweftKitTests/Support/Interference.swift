import Foundation
import GRDBSQLite
import Synchronization
import TestSupport

/// A database whose whole content becomes that of another one, in one transaction, right before a given statement of
/// whoever else uses it: SQLite itself tells of each statement before it reads anything.
@safe
final class Interference {
  private let path: String
  private let own: OpaquePointer
  private let swap: String

  /// Makes `path` a copy of `first`; `second` is what it becomes.
  init(path: String, first: String, second: String) throws {
    self.path = path
    for (source, copy) in [(first, path), (second, path + "-other")] {
      for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + end) }
      try FileManager.default.copyItem(atPath: source, toPath: copy)
    }
    var opened: OpaquePointer?
    guard unsafe sqlite3_open(path, &opened) == SQLITE_OK, let own = unsafe opened else {
      throw SQLiteError(text: "cannot open")
    }
    unsafe self.own = unsafe own
    unsafe sqlite3_busy_timeout(own, 5000)
    try unsafe Self.run(own, "ATTACH '\(path)-other' AS other")
    var statements = ["BEGIN IMMEDIATE"]
    for table in try unsafe Self.tables(own) {
      statements.append("DELETE FROM main.\(table)")
      statements.append("INSERT INTO main.\(table) SELECT * FROM other.\(table)")
    }
    swap = (statements + ["COMMIT"]).joined(separator: ";")
  }

  deinit { unsafe _ = sqlite3_close(own) }

  /// Runs `body` with the swap right before the statement with this number, the first is 1; none where there is no such
  /// statement.
  /// - Returns: what `body` did, and how many statements there were on the database in all.
  func before<T>(statement number: Int, _ body: () throws -> T) throws -> (T, statements: Int) {
    try Self.watchAll()
    let file = unsafe String(cString: sqlite3_db_filename(own, "main"))
    let watch = unsafe Watch(file: file, own: UInt(bitPattern: own), number: number, swap: swap)
    watches.withLock { $0.append(watch) }
    defer { watches.withLock { $0.removeAll { $0 === watch } } }
    let value = try body()
    let (statements, failure) = watch.state.withLock { ($0.statements, $0.failure) }
    if let failure { throw SQLiteError(text: failure) }
    return (value, statements)
  }

  private struct SQLiteError: Error { var text: String }

  private static func tables(_ database: OpaquePointer) throws -> [String] {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    var statement: OpaquePointer?
    guard unsafe sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else {
      throw SQLiteError(text: "cannot list tables")
    }
    defer { unsafe _ = sqlite3_finalize(statement) }
    var names: [String] = []
    while unsafe sqlite3_step(statement) == SQLITE_ROW {
      unsafe names.append(String(cString: sqlite3_column_text(statement, 0)))
    }
    return names
  }

  private static func run(_ database: OpaquePointer, _ sql: String) throws {
    guard unsafe sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
      throw SQLiteError(text: unsafe String(cString: sqlite3_errmsg(database)))
    }
  }
}

/// Statements on one file that are counted, but those of the connection that swaps.
private final class Watch: Sendable {
  struct State {
    var statements = 0
    var failure: String?
  }
  let file: String
  let own: UInt
  let number: Int
  let swap: String
  let state = Mutex(State())

  init(file: String, own: UInt, number: Int, swap: String) {
    self.file = file
    self.own = own
    self.number = number
    self.swap = swap
  }

  func statementBegins() {
    let count = state.withLock {
      $0.statements += 1
      return $0.statements
    }
    guard count == number, let database = unsafe OpaquePointer(bitPattern: own) else { return }
    guard unsafe sqlite3_exec(database, swap, nil, nil, nil) != SQLITE_OK else { return }
    let failure = unsafe String(cString: sqlite3_errmsg(database))
    state.withLock { $0.failure = failure }
  }
}

private let watches = Mutex<[Watch]>([])

extension Interference {
  /// From now on all connections that are opened in this process tell of their statements.
  private static func watchAll() throws {
    guard try isWatching.get() else { throw SQLiteError(text: "cannot watch") }
  }

  private static let isWatching = Result<Bool, SQLiteError> {
    let opened:
      @convention(c) (
        OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, OpaquePointer?
      ) -> Int32 = { database, _, _ in
        unsafe sqlite3_trace_v2(database, UInt32(SQLITE_TRACE_STMT), statementBegins, nil)
      }
    // SQLite declares it without its parameters.
    let entry = unsafe unsafeBitCast(opened, to: (@convention(c) () -> Void).self)
    return sqlite3_auto_extension(entry) == SQLITE_OK
  }
}

private let statementBegins:
  @convention(c) (UInt32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?) ->
    Int32 = { _, _, statement, _ in
      guard let database = unsafe sqlite3_db_handle(OpaquePointer(statement)),
        let name = unsafe sqlite3_db_filename(database, "main")
      else { return 0 }
      let (handle, file) = unsafe (UInt(bitPattern: database), String(cString: name))
      let watch = watches.withLock { $0.first { $0.file == file && $0.own != handle } }
      watch?.statementBegins()
      return 0
    }
