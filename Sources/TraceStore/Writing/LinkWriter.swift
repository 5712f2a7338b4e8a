package import Correlation

extension StoreWriter {
  /// Replaces what is known about the hops that start in a range, or about all; in the caller's transaction, where one is
  /// open. Rows that say what they said before are not written.
  ///
  /// - Parameters:
  ///   - range: of starts, microseconds since the epoch; nil for all.
  ///   - keys: of those only the hops with these; nil for all.
  ///   - links: of hops that start in the range, in the order of their keys; others are an error of the caller's
  ///     and are not noticed.
  /// - Throws: `StoreError`; nothing has changed then.
  package func replaceLinks(
    startingIn range: ClosedRange<Int64>? = nil, keys: ClosedRange<Int64>? = nil,
    _ links: ArraySlice<HopOutcome>
  ) throws(StoreError) {
    let sorted = LinkRow.areInOrder(links) ? links : links.sorted { $0.hop < $1.hop }[...]
    let statements = try linkStatements()
    try transaction { (_) throws(SQLiteFailure) in
      let stored = StoredLinks(range, keys: keys, statements)
      if try stored.isEmpty() {
        try statements.insert(sorted)
      } else {
        let change = try stored.change(to: sorted)
        for hop in change.dropped { try statements.delete(hop) }
        try statements.insert(change.written)
        for move in change.moved {
          try statements.followTrace(of: move.hop, from: move.before, outside: range)
        }
      }
    }
  }
}

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
    for place in links.indices.dropFirst() where links[place - 1].hop > links[place].hop { return false }
    return true
  }
}

/// How sure a row's links are and why, in one number of six bytes: what five columns would say costs a third of a
/// row's time and ten bytes (docs/explanation/decisions/0003-storage-layout.md).
///
/// From the lowest bit: carrier status (3 bits), evidence of the carrier and of the parent (8 each), doubt of the carrier
/// and of the parent in ten-thousandths (14 each). Doubts are small, and so is the number then. The view `links` and
/// hop_link.sql read it in SQL.
enum LinkClaims {
  static func ofCarrier(_ link: Link) -> Int64 { evidence(link) << 3 | doubt(link) << 19 }

  static func ofParent(_ link: Link) -> Int64 { evidence(link) << 11 | doubt(link) << 33 }

  /// The eighth bit of the parent's evidence, which no evidence has: there is no parent because to find it takes too much.
  static let undecided: Int64 = 1 << 18

  /// The bits that say something about the carrier, and about the parent.
  static let carrierMask: Int64 = 0xFF << 3 | 0x3FFF << 19
  static let parentMask: Int64 = 0xFF << 11 | 0x3FFF << 33

  private static func doubt(_ link: Link) -> Int64 { 10_000 - tenThousandths(link.confidence) }

  private static func evidence(_ link: Link) -> Int64 { Int64(link.evidence.rawValue & 0xFF) }

  static func tenThousandths(_ probability: Double) -> Int64 {
    probability.isNaN ? 0 : Int64((min(max(probability, 0), 1) * 10_000).rounded())
  }
}
