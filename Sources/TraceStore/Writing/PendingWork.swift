/// Stretches of time that wait for correlation, as they were when they were read.
package struct PendingWork: Sendable, Equatable {
  /// From the first start to the last end, microseconds since the epoch; merged, in order.
  package var ranges: [ClosedRange<Int64>] = []
  /// The same of hops of proxies alone: connections, which change nothing but the links of requests within their time.
  package var connections: [ClosedRange<Int64>] = []
  /// What came later is not covered.
  var lastID: Int64 = 0
}

/// How far beyond a piece of time hops were looked at when it was correlated; microseconds.
package struct UnitMargins: Sendable, Equatable {
  package var before: Int64
  package var after: Int64

  package init(before: Int64, after: Int64) {
    self.before = before
    self.after = after
  }
}

extension StoreReader {
  /// What was stored and not yet correlated; nil where nothing waits. Read it in the same `snapshot` as the hops.
  package func pendingWork() throws -> PendingWork? {
    var work = PendingWork()
    let sql = """
      SELECT first_start_us, last_end_us, id, only_connections FROM pending ORDER BY first_start_us, last_end_us
      """
    try rows(sql, [:]) { row in
      guard let first = row.integer(0), let last = row.integer(1), let id = row.integer(2) else { return }
      work.lastID = max(work.lastID, id)
      let range = first...max(first, last)
      if row.integer(3) == 1 {
        PendingWork.add(range, to: &work.connections)
      } else {
        PendingWork.add(range, to: &work.ranges)
      }
    }
    return work.ranges.isEmpty && work.connections.isEmpty ? nil : work
  }

  /// The pieces of time that were correlated as they are, each on its own; starts, microseconds since the epoch.
  package func correlatedUnits() throws -> [ClosedRange<Int64>: UnitMargins] {
    var units: [ClosedRange<Int64>: UnitMargins] = [:]
    let sql = "SELECT first_start_us, last_start_us, margin_before_us, margin_after_us FROM correlated_unit"
    try rows(sql, [:]) { row in
      guard let first = row.integer(0), let last = row.integer(1), first <= last else { return }
      units[first...last] = UnitMargins(before: row.integer(2) ?? 0, after: row.integer(3) ?? 0)
    }
    return units
  }
}

extension PendingWork {
  /// Ranges come in the order of their first start.
  fileprivate static func add(_ range: ClosedRange<Int64>, to ranges: inout [ClosedRange<Int64>]) {
    if let before = ranges.last, range.lowerBound <= before.upperBound {
      ranges[ranges.count - 1] = before.lowerBound...max(before.upperBound, range.upperBound)
    } else {
      ranges.append(range)
    }
  }
}

extension StoreWriter {
  /// Notes which pieces of time are correlated now; in the caller's transaction, where one is open.
  /// - Parameters:
  ///   - units: that were correlated.
  ///   - dropped: that were correlated before, and are cut otherwise now.
  /// - Throws: `StoreError`; nothing has changed then.
  package func setCorrelated(
    _ units: [ClosedRange<Int64>: UnitMargins], dropped: [ClosedRange<Int64>]
  ) throws(StoreError) {
    let delete = try connection.statement("DELETE FROM correlated_unit WHERE first_start_us = ?")
    let insert = try connection.statement("INSERT OR REPLACE INTO correlated_unit VALUES (?, ?, ?, ?)")
    try transaction { (_) throws(SQLiteFailure) in
      for unit in dropped {
        delete.bind(1, unit.lowerBound)
        try delete.run()
      }
      for (unit, margins) in units {
        insert.bind(1, unit.lowerBound)
        insert.bind(2, unit.upperBound)
        insert.bind(3, margins.before)
        insert.bind(4, margins.after)
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
