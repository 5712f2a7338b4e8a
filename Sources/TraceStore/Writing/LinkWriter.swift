package import Correlation

extension StoreWriter {
  /// Replaces what is known about the hops that start in a range, or about all; and in the same transaction takes
  /// the work that this has done off the list. Rows that say what they said before are not written.
  ///
  /// - Parameters:
  ///   - range: of starts, microseconds since the epoch; nil for all.
  ///   - links: of hops that start in the range, in the order of their keys; others are an error of the caller's
  ///     and are not noticed.
  ///   - work: what was pending when the hops were read. Only what lies wholly in the range
  ///     is taken off.
  /// - Throws: `StoreError`; nothing has changed then.
  package func replaceLinks(
    startingIn range: ClosedRange<Int64>? = nil, _ links: ArraySlice<HopOutcome>,
    covering work: PendingWork? = nil
  ) throws(StoreError) {
    let sorted = LinkRow.areInOrder(links) ? links : links.sorted { $0.hop < $1.hop }[...]
    let statements = try linkStatements()
    try transaction { (_) throws(SQLiteFailure) in
      let stored = StoredLinks(range, statements)
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
      if let work { try statements.finish(work, in: range) }
    }
  }
}

/// A hop's outcome as a row of `link`; NULL is nil.
struct LinkRow: Equatable {
  static let columns: Int32 = 11
  /// In the order of the table's columns, the hop's key first.
  private(set) var values = SIMD16<Int64>(repeating: LinkRow.null)

  /// Stands for NULL: no key, confidence or set of evidence has this value.
  static let null = Int64.min

  init(_ outcome: HopOutcome) {
    values[0] = outcome.hop
    if outcome.traceRoot != outcome.hop { values[1] = outcome.traceRoot }
    if let parent = outcome.parent {
      values[2] = parent.target
      values[3] = LinkRow.tenThousandths(parent.confidence)
      values[4] = Int64(parent.evidence.rawValue)
    }
    if let carrier = outcome.carriers.first {
      values[5] = carrier.target
      values[6] = LinkRow.tenThousandths(carrier.confidence)
      values[7] = Int64(carrier.evidence.rawValue)
    }
    values[8] = Int64(outcome.carrierStatus.rawValue)
    if let runnerUp = outcome.runnerUp { values[9] = runnerUp }
    if let margin = outcome.margin { values[10] = LinkRow.tenThousandths(margin) }
  }

  /// The row that a SELECT of all columns is at.
  init(_ row: RawStatement) {
    for column in 0..<Int(LinkRow.columns) {
      let value = row.integer(Int32(column))
      // NULL reads as 0, which few columns have: only then its type must be asked for.
      if value != 0 || !row.isNull(Int32(column)) { values[column] = value }
    }
  }

  var traceRoot: Int64 { values[1] == LinkRow.null ? values[0] : values[1] }

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

  static func tenThousandths(_ probability: Double) -> Int64 {
    probability.isNaN ? 0 : Int64((min(max(probability, 0), 1) * 10_000).rounded())
  }

  static func areInOrder(_ links: ArraySlice<HopOutcome>) -> Bool {
    for place in links.indices.dropFirst() where links[place - 1].hop > links[place].hop { return false }
    return true
  }
}
