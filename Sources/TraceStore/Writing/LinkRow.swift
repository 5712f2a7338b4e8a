internal import Correlation

/// A hop's outcome as a row of `link`; NULL is nil.
struct LinkRow: Equatable {
  static let columns: Int32 = 5
  private static let (hop, trace, parent, carrier, claims) = (0, 1, 2, 3, 4)

  /// In the order of the table's columns.
  private var values = SIMD8<Int64>(repeating: LinkRow.null)

  /// Stands for NULL: no key and no claims have this value.
  private static let null = Int64.min

  init(_ outcome: borrowing HopOutcome) {
    var claims = Int64(outcome.carrierStatus.rawValue)
    var expectedRoot = outcome.hop
    if let link = outcome.parent {
      values[LinkRow.parent] = link.target
      expectedRoot = link.target
      claims |= LinkClaims.ofParent(link)
    } else if outcome.isUndecided {
      claims |= LinkClaims.undecided
    }
    if let link = outcome.carriers.first {
      values[LinkRow.carrier] = link.target
      claims |= LinkClaims.ofCarrier(link)
    }
    // Nearly every trace begins with a hop's parent, or with the hop itself: that needs no column.
    if outcome.traceRoot != expectedRoot { values[LinkRow.trace] = outcome.traceRoot }
    values[LinkRow.hop] = outcome.hop
    values[LinkRow.claims] = claims
    assert(claims != LinkRow.null && traceRoot == outcome.traceRoot)
  }

  /// The row that a SELECT of all columns is at.
  init(_ row: RawStatement) {
    for column in 0..<Int(LinkRow.columns) {
      let value = row.integer(Int32(column))
      // NULL reads as 0, which few columns have: only then its type must be asked for.
      if value != 0 || !row.isNull(Int32(column)) { values[column] = value }
    }
  }

  var key: Int64 { values[LinkRow.hop] }

  var traceRoot: Int64 {
    if values[LinkRow.trace] != LinkRow.null { return values[LinkRow.trace] }
    return values[LinkRow.parent] == LinkRow.null ? values[LinkRow.hop] : values[LinkRow.parent]
  }

  @inline(__always)
  func bind(to statement: RawStatement, after base: Int32) {
    for column in 0..<Int(LinkRow.columns) {
      let index = base + Int32(column) + 1
      if values[column] == LinkRow.null {
        statement.bindNull(index)
      } else {
        statement.bind(index, values[column])
      }
    }
  }

  static func areInOrder(_ links: ArraySlice<HopOutcome>) -> Bool {
    let links = links.span
    for place in 1..<Swift.max(1, links.count) where links[place - 1].hop > links[place].hop { return false }
    return true
  }
}
