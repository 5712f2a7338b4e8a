/// How a value is written to a row of a table, and read from it again: the one place that knows the columns' order.
///
/// A layout is a list of columns, each with what it binds of a value and what it takes from a row into a value.
struct RowLayout<Value: Sendable>: Sendable {
  struct Column: Sendable {
    let name: String
    let bind: @Sendable (Value, RawStatement, Int32) -> Void
    let read: @Sendable (inout Value, RawStatement, Int32) -> Void
  }

  let columns: [Column]

  /// Their names, comma between: of an INSERT or a SELECT.
  var names: String { columns.map(\.name).joined(separator: ", ") }

  /// As many question marks, comma between.
  var places: String { columns.map { _ in "?" }.joined(separator: ", ") }

  /// Binds a value's columns to parameters of consecutive numbers.
  func bind(_ value: Value, to statement: RawStatement, from first: Int32 = 1) {
    for (index, column) in columns.enumerated() { column.bind(value, statement, first + Int32(index)) }
  }

  /// Takes columns that follow each other, `first` among them counting from 0, into a value.
  func read(_ row: RawStatement, into value: inout Value, from first: Int32 = 0) {
    for (index, column) in columns.enumerated() { column.read(&value, row, first + Int32(index)) }
  }
}

extension RowLayout.Column {
  /// A number.
  static func number(_ name: String, _ path: any WritableKeyPath<Value, Int64> & Sendable) -> Self {
    Self(name: name) {
      $1.bind($2, $0[keyPath: path])
    } read: {
      $0[keyPath: path] = $1.integer($2)
    }
  }

  /// A blob.
  static func bytes(_ name: String, _ path: any WritableKeyPath<Value, [UInt8]> & Sendable) -> Self {
    Self(name: name) {
      $1.bindBlob($2, $0[keyPath: path])
    } read: { value, row, column in
      // Safe: the bytes are copied before the row goes.
      value[keyPath: path] = unsafe row.withBytes(column) { unsafe Array($0) }
    }
  }

  /// Keys of connections, eight bytes each, little-endian.
  static func keys(_ name: String, _ path: any WritableKeyPath<Value, [UInt64]> & Sendable) -> Self {
    Self(name: name) {
      $1.bindBlob($2, KeyBytes.packed($0[keyPath: path]))
    } read: { value, row, column in
      // Safe: the bytes are copied before the row goes.
      value[keyPath: path] = KeyBytes.unpacked(unsafe row.withBytes(column) { unsafe Array($0) })
    }
  }

  /// What follows from other columns, for whoever reads the table with SQL.
  static func derived(_ name: String, _ value: @escaping @Sendable (Value) -> Int64) -> Self {
    Self(name: name) {
      $1.bind($2, value($0))
    } read: { _, _, _ in
    }
  }
}
