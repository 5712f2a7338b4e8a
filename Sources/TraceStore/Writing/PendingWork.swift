/// Stretches of time that wait for correlation, as they were when they were read.
package struct PendingWork: Sendable, Equatable {
  /// From the first start to the last end, microseconds since the epoch; merged, in order.
  package var ranges: [ClosedRange<Int64>]
  /// What came later is not covered.
  var lastID: Int64
}

extension StoreReader {
  /// What was stored and not yet correlated; nil where nothing waits. Read it in the same `snapshot` as the hops.
  package func pendingWork() throws -> PendingWork? {
    var work = PendingWork(ranges: [], lastID: 0)
    try rows("SELECT first_start_us, last_end_us, id FROM pending ORDER BY first_start_us, last_end_us", [:])
    { row in
      guard let first = row.integer(0), let last = row.integer(1), let id = row.integer(2) else { return }
      work.lastID = max(work.lastID, id)
      let range = first...max(first, last)
      if let before = work.ranges.last, range.lowerBound <= before.upperBound {
        work.ranges[work.ranges.count - 1] = before.lowerBound...max(before.upperBound, range.upperBound)
      } else {
        work.ranges.append(range)
      }
    }
    return work.ranges.isEmpty ? nil : work
  }
}

extension StoreReader {
  /// The pieces of time that were correlated as they are, each on its own; starts, microseconds since the epoch.
  package func correlatedUnits() throws -> Set<ClosedRange<Int64>> {
    var units: Set<ClosedRange<Int64>> = []
    try rows("SELECT first_start_us, last_start_us FROM correlated_unit", [:]) { row in
      guard let first = row.integer(0), let last = row.integer(1), first <= last else { return }
      units.insert(first...last)
    }
    return units
  }
}

extension StoreWriter {
  /// Notes which pieces of time are correlated now; in the caller's transaction, where one is open.
  /// - Throws: `StoreError`; nothing has changed then.
  package func setCorrelatedUnits(_ units: [ClosedRange<Int64>]) throws(StoreError) {
    let delete = try connection.statement("DELETE FROM correlated_unit")
    let insert = try connection.statement("INSERT INTO correlated_unit VALUES (?, ?)")
    try transaction { (_) throws(SQLiteFailure) in
      try delete.run()
      for unit in units {
        insert.bind(1, unit.lowerBound)
        insert.bind(2, unit.upperBound)
        try insert.run()
      }
    }
  }

  /// Takes work off the list, wherever it was done; in the caller's transaction, where one is open.
  /// - Throws: `StoreError`; nothing has changed then.
  package func finish(_ work: PendingWork) throws(StoreError) {
    let statements = try linkStatements()
    try transaction { (_) throws(SQLiteFailure) in try statements.finish(work, in: nil) }
  }
}
