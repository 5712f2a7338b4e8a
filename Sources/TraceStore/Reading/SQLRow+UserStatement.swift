internal import AccessLog
internal import GRDB
internal import GRDBSQLite

extension SQLRow {
  /// A value of any column.
  package enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
  }

  /// All columns.
  package var values: [Value] {
    statement.columnNames.indices.map { column in
      switch statement.type(Int32(column)) {
      case SQLITE_NULL: .null
      case SQLITE_INTEGER: .integer(statement.integer(Int32(column)))
      case SQLITE_FLOAT: .real(statement.double(Int32(column)))
      case SQLITE_TEXT: .text(statement.text(Int32(column)))
      default: .bytes(bytes(column))
      }
    }
  }
}

extension StoreReader {
  /// Runs a statement of the user's. `begin` gets the names of its columns, before `body` gets the first row.
  ///
  /// - Throws: what both throw, and `StoreError`; one that could change anything is refused.
  package func run(
    sql: String, _ parameters: [String: SQLValue], begin: ([String]) throws -> Void,
    _ body: (SQLRow) throws -> Void
  ) throws {
    try connection.read { db in
      // A statement that reads could still make files by attaching them.
      // Safe: the connection is open inside `read`.
      if let handle = unsafe db.sqliteConnection {
        unsafe _ = sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0)
        // Rows are handed on one by one: one alone must not take all memory.
        unsafe _ = sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, StoreLimits.queryValueBytes)
      }
      let statement = try connection.onlyStatement(sql)
      guard statement.isReadOnly else {
        throw SQLiteFailure(code: SQLITE_ERROR, detail: "only statements that read are run")
      }
      try statement.bind(parameters)
      try begin(statement.columnNames)
      while try statement.step() {
        try body(SQLRow(statement: statement))
        try connection.checkInterruption()
      }
    }
  }
}

extension StoreConnection {
  /// The statement that a text of the user's holds.
  /// - Throws: where it holds none, or more than one: SQLite would run the first and pass over the others.
  fileprivate func onlyStatement(_ sql: String) throws -> RawStatement {
    let count = try access { db in
      guard let handle = unsafe db.sqliteConnection else { throw SQLiteFailure.closed }
      return try unsafe statements(in: sql, handle)
    }
    guard count == 1 else {
      let what = count == 0 ? "there is no statement in it" : "it holds more than one statement"
      throw SQLiteFailure(code: SQLITE_ERROR, detail: what)
    }
    return try statement(sql)
  }

  /// How many statements a text holds, counted up to two. Comments are none.
  private func statements(in sql: String, _ handle: OpaquePointer) throws(SQLiteFailure) -> Int {
    let text = Array(sql.utf8CString)
    // Safe: the text ends with a zero byte, and `rest` stays within it, as SQLite says how far it has read; each statement
    // is finalized once.
    let (count, code) = unsafe text.withUnsafeBufferPointer { text -> (Int, Int32) in
      var (count, rest) = (0, text.baseAddress)
      while count < 2, let start = unsafe rest, unsafe start.pointee != 0 {
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v2(handle, start, -1, &prepared, &rest)
        unsafe sqlite3_finalize(prepared)
        // What follows the first one need not be SQL to be too much.
        guard code == SQLITE_OK else { return (count + 1, count == 0 ? code : SQLITE_OK) }
        if unsafe prepared != nil { count += 1 }
      }
      return (count, SQLITE_OK)
    }
    guard code == SQLITE_OK else { throw unsafe SQLiteFailure(handle, code: code) }
    return count
  }
}
