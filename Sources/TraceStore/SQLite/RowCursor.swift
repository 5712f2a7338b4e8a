/// Reads the columns of a row one behind the other. Each is asked for by its name, which a debug build compares with the
/// statement's: so a column that is added, left out or moved is noticed by whatever test reads a row.
package struct RowCursor {
  private let row: SQLRow
  private var column = 0

  /// `column`: where it begins.
  package init(_ row: SQLRow, at column: Int = 0) {
    self.row = row
    self.column = column
  }

  package mutating func integer(_ name: String) -> Int64? { row.integer(next(name)) }

  /// An integer of a column that is never NULL.
  package mutating func number(_ name: String) -> Int64 { row.number(next(name)) }

  package mutating func double(_ name: String) -> Double? { row.double(next(name)) }

  package mutating func text(_ name: String) -> String? { row.text(next(name)) }

  /// Goes over columns that others read.
  package mutating func skip(_ names: String...) {
    for name in names { _ = next(name) }
  }

  @inline(__always)
  private mutating func next(_ name: String) -> Int {
    assert(row.name(column) == name, "column \(column) is \(row.name(column)), not \(name)")
    defer { column += 1 }
    return column
  }
}
