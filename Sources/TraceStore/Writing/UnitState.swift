/// With what a unit of time was correlated.
package struct UnitState: Sendable, Equatable {
  package var margins: UnitMargins
  /// `PendingRange.id`: its links know of what waited under this number and lower ones. 0 where nothing of that waits any more.
  package var seen: Int64
  /// nil where more than ids and addresses had a say.
  package var exact: ExactUnit?

  package init(margins: UnitMargins, seen: Int64, exact: ExactUnit? = nil) {
    self.margins = margins
    self.seen = seen
    self.exact = exact
  }

  /// For assertions: units of time do not overlap.
  fileprivate static func areDisjoint(_ units: [ClosedRange<Int64>]) -> Bool {
    let sorted = units.sorted { $0.lowerBound < $1.lowerBound }
    return zip(sorted, sorted.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
  }
}

extension StoreReader {
  /// What was stored and not yet correlated. Read it in the same `snapshot` as the hops.
  package func pendingWork() throws -> PendingWork {
    var work = PendingWork()
    let sql = """
      SELECT first_start_us, last_end_us, id, only_connections, hop FROM pending ORDER BY first_start_us, last_end_us
      """
    try rows(sql, [:]) { row in
      guard let first = row.integer(0), let last = row.integer(1), let id = row.integer(2) else { return }
      work.ranges.append(
        .init(
          id: id, range: first...max(first, last), isOfConnections: row.integer(3) == 1,
          hop: row.integer(4)))
    }
    return work
  }

  /// Whether anything waits for correlation.
  package func isPending() throws -> Bool {
    var isPending = false
    try rows("SELECT EXISTS (SELECT 1 FROM pending)", [:]) { isPending = $0.integer(0) == 1 }
    return isPending
  }

  /// The units of time that were correlated as they are, each on its own; starts, microseconds since the epoch.
  package func correlatedUnits() throws -> [ClosedRange<Int64>: UnitState] {
    var units: [ClosedRange<Int64>: UnitState] = [:]
    let sql = """
      SELECT first_start_us, last_start_us, margin_before_us, margin_after_us, seen, waiting_hops, longest_us
      FROM correlated_unit
      """
    try rows(sql, [:]) { row in
      guard let first = row.integer(0), let last = row.integer(1), first <= last else { return }
      let margins = UnitMargins(before: row.integer(2) ?? 0, after: row.integer(3) ?? 0)
      var state = UnitState(margins: margins, seen: row.integer(4) ?? 0)
      if let waiting = row.integer(5), let longest = row.integer(6) {
        state.exact = ExactUnit(waitingHops: waiting, longest: longest)
      }
      units[first...last] = state
    }
    return units
  }
}

extension StoreWriter {
  /// Notes which units of time are correlated now; in the caller's transaction, where one is open.
  /// - Throws: `StoreError`; nothing has changed then.
  package func setCorrelated(_ units: [ClosedRange<Int64>: UnitState]) throws(StoreError) {
    assert(UnitState.areDisjoint(Array(units.keys)))
    let insert = try connection.statement(
      """
      INSERT OR REPLACE INTO correlated_unit (first_start_us, last_start_us, margin_before_us, margin_after_us, seen,
        waiting_hops, longest_us)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """)
    try transaction { (_) throws(SQLiteFailure) in
      for (unit, state) in units {
        insert.bind(1, unit.lowerBound)
        insert.bind(2, unit.upperBound)
        insert.bind(3, state.margins.before)
        insert.bind(4, state.margins.after)
        insert.bind(5, state.seen)
        insert.bind(6, state.exact?.waitingHops)
        insert.bind(7, state.exact?.longest)
        try insert.run()
      }
    }
  }

  /// Forgets units that overlap one and are cut otherwise, before that one is written; in the caller's transaction, where
  /// one is open.
  /// - Throws: `StoreError`
  package func makeWay(for unit: ClosedRange<Int64>) throws(StoreError) {
    // Units do not overlap each other: of those that start before it only the last can reach into it.
    let find = try connection.statement(
      """
      SELECT first_start_us, last_start_us FROM correlated_unit
      WHERE first_start_us BETWEEN
        ifnull((SELECT max(first_start_us) FROM correlated_unit WHERE first_start_us <= ?1), ?1) AND ?2
        AND last_start_us >= ?1 AND (first_start_us, last_start_us) <> (?1, ?2)
      """)
    let others = try connection.access { (_) throws(SQLiteFailure) in
      find.bind(1, unit.lowerBound)
      find.bind(2, unit.upperBound)
      var others: [ClosedRange<Int64>] = []
      while try find.step() { others.append(find.integer(0)...max(find.integer(0), find.integer(1))) }
      return others
    }
    for other in others { try forget(other) }
  }

  /// Forgets a unit of time that was correlated: its rollups and clock estimates, which stand at starts of its own. Links stay
  /// with their hops. In the caller's transaction, where one is open.
  /// - Throws: `StoreError`
  package func forget(_ unit: ClosedRange<Int64>) throws(StoreError) {
    let delete = try connection.statement("DELETE FROM correlated_unit WHERE first_start_us = ?")
    try replaceRollups(startingIn: unit, [], [])
    try replaceClocks(startingIn: unit, [])
    try transaction { (_) throws(SQLiteFailure) in
      delete.bind(1, unit.lowerBound)
      try delete.run()
    }
  }

  /// Takes all work off the list that waited, wherever it was done; in the caller's transaction, in which nothing else was
  /// added to it. Which unit has seen what of it does not matter any more.
  /// - Throws: `StoreError`; nothing has changed then.
  package func finish(_ work: PendingWork) throws(StoreError) {
    let delete = try connection.statement("DELETE FROM pending WHERE id <= ?")
    let forget = try connection.statement("UPDATE correlated_unit SET seen = 0 WHERE seen <> 0")
    try transaction { (_) throws(SQLiteFailure) in
      delete.bind(1, work.lastID)
      try delete.run()
      try forget.run()
    }
  }
}
