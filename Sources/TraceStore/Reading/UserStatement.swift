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
  /// Runs a statement of the user's.
  ///
  /// - Returns: the names of its columns.
  /// - Throws: what `body` throws, and `StoreError`; one that could change anything is refused.
  package func run(
    sql: String, _ parameters: [String: SQLValue], _ body: (SQLRow) throws -> Void
  ) throws -> [String] {
    try connection.read { _ in
      let statement = try connection.statement(sql)
      guard statement.isReadOnly else {
        throw SQLiteFailure(code: SQLITE_ERROR, detail: "only statements that read are run")
      }
      try statement.bind(parameters)
      while try statement.step() { try body(SQLRow(statement: statement)) }
      return statement.columnNames
    }
  }
}
