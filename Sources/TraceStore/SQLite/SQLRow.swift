/// The row that a statement is at. Columns count from 0, in the order of the statement's SELECT.
package struct SQLRow {
  let statement: RawStatement

  package func integer(_ column: Int) -> Int64? { statement.optionalInteger(Int32(column)) }
  package func double(_ column: Int) -> Double? {
    statement.isNull(Int32(column)) ? nil : statement.double(Int32(column))
  }
  /// Text with whatever it holds, NULs included.
  package func text(_ column: Int) -> String? { statement.optionalText(Int32(column)) }
  /// A blob's bytes, or text's; none for NULL.
  package func bytes(_ column: Int) -> [UInt8] {
    unsafe statement.withBytes(Int32(column)) { unsafe Array($0) }
  }
  /// A blob's bytes where SQLite has them, none for NULL; valid inside `body`.
  package func withBytes<T>(_ column: Int, _ body: (Span<UInt8>) throws -> T) rethrows -> T {
    // Safe: the span cannot leave `body`, and the statement does not step on meanwhile.
    try unsafe statement.withBytes(Int32(column)) { bytes in
      try body(unsafe bytes.assumingMemoryBound(to: UInt8.self).span)
    }
  }
  /// An integer of a column that is never NULL: half the price of asking for its type first.
  package func number(_ column: Int) -> Int64 { statement.integer(Int32(column)) }
  func name(_ column: Int) -> String { statement.columnName(Int32(column)) }
  package var columnNames: [String] { statement.columnNames }

  /// Whether its columns are these, or the first of these: for an assertion where a list of numbers is read from many rows.
  package func begins(with names: [String]) -> Bool { names.starts(with: columnNames) }
}

extension RawStatement {
  /// Binds by name; what is not named is NULL.
  func bind(_ parameters: [String: SQLValue]) throws(SQLiteFailure) {
    let names = parameterNames
    for name in parameters.keys where !names.contains(":" + name) {
      throw SQLiteFailure(code: 25, detail: "the statement has no parameter :\(name)")
    }
    for (index, name) in names.enumerated() {
      switch parameters[String(name.dropFirst())] ?? .null {
      case .null: bindNull(Int32(index) + 1)
      case .integer(let value): bind(Int32(index) + 1, value)
      case .text(let text): bindText(Int32(index) + 1, text)
      }
    }
  }
}
