extension StoreWriter {
  /// Replaces the rollups of a unit of time; in the caller's transaction, where one is open.
  ///
  /// - Parameters:
  ///   - range: of starts, microseconds since the epoch; every row's bucket lies in it.
  ///   - legs: one row per bucket and group.
  ///   - peaks: one row per bucket, series, service and key.
  /// - Throws: `StoreError`; nothing has changed then.
  package func replaceRollups(
    startingIn range: ClosedRange<Int64>, _ legs: [LegRollup], _ peaks: [LegPeak]
  ) throws(StoreError) {
    assert(legs.allSatisfy { range.contains($0.bucket) } && peaks.allSatisfy { range.contains($0.bucket) })
    assert(Set(peaks.map(\.primaryKey)).count == peaks.count)
    let statements = try RollupStatements(connection)
    try transaction { (_) throws(SQLiteFailure) in
      try statements.spans.drop(overlapping: range)
      try statements.clear(range)
      for leg in legs { try statements.insert(leg, group: try statements.id(of: leg.group)) }
      for peak in peaks { try statements.insert(peak) }
    }
  }
}

extension StoreWriter {
  /// Changes single rows of the rollups; in the caller's transaction, where one is open.
  ///
  /// - Parameters:
  ///   - dropped: rows that go, by bucket and group.
  ///   - legs: rows that come, or come in the place of what was there for their bucket and group.
  ///   - peaks: the same, by bucket, series, service and key.
  /// - Throws: `StoreError`; nothing has changed then.
  package func changeRollups(
    dropping dropped: [LegRollup], _ legs: [LegRollup], _ peaks: [LegPeak]
  ) throws(StoreError) {
    let statements = try RollupStatements(connection)
    try transaction { (_) throws(SQLiteFailure) in
      let buckets = (dropped + legs).map(\.bucket) + peaks.map(\.bucket)
      if let first = buckets.min(), let last = buckets.max() {
        try statements.spans.drop(overlapping: first...last)
      }
      for leg in dropped { try statements.delete(leg, group: try statements.id(of: leg.group)) }
      for leg in legs {
        let group = try statements.id(of: leg.group)
        try statements.delete(leg, group: group)
        try statements.insert(leg, group: group)
      }
      for peak in peaks { try statements.insert(peak) }
    }
  }

  /// Replaces the clock estimates of a unit of time; in the caller's transaction, where one is open.
  /// - Throws: `StoreError`; nothing has changed then.
  package func replaceClocks(
    startingIn range: ClosedRange<Int64>, _ clocks: [StoredClock]
  ) throws(StoreError) {
    let delete = try connection.statement("DELETE FROM clock_estimate WHERE unit_us BETWEEN ? AND ?")
    let insert = try connection.statement("INSERT INTO clock_estimate VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    try transaction { (_) throws(SQLiteFailure) in
      delete.bind(1, range.lowerBound)
      delete.bind(2, range.upperBound)
      try delete.run()
      for clock in clocks {
        insert.bind(1, range.lowerBound)
        insert.bindText(2, clock.clientMeshCluster)
        insert.bindText(3, clock.serverMeshCluster)
        insert.bind(4, clock.reference)
        insert.bindDouble(5, clock.offset)
        insert.bindDouble(6, clock.drift)
        insert.bindDouble(7, clock.uncertainty)
        insert.bind(8, clock.requests)
        try insert.run()
      }
    }
  }
}

/// The statements that write rollups. Whoever changes rows drops the spans that these are added up in first.
private struct RollupStatements {
  let spans: SpanStatements
  private let deleteLegs, deletePeaks, deleteLeg, findGroup, insertGroup, insertLeg, insertPeak,
    lastID: RawStatement
  private let chains: ChainStatements

  init(_ connection: StoreConnection) throws(StoreError) {
    spans = try SpanStatements(connection)
    chains = try ChainStatements(connection)
    deleteLegs = try connection.statement("DELETE FROM leg_rollup WHERE bucket_us BETWEEN ? AND ?")
    deletePeaks = try connection.statement("DELETE FROM leg_peak WHERE bucket_us BETWEEN ? AND ?")
    deleteLeg = try connection.statement("DELETE FROM leg_rollup WHERE bucket_us = ? AND leg_group = ?")
    findGroup = try connection.statement(LegGroup.find)
    insertGroup = try connection.statement(
      "INSERT INTO leg_group (\(LegGroup.row.names)) VALUES (\(LegGroup.row.places))")
    insertLeg = try connection.statement(
      "INSERT INTO leg_rollup (leg_group, \(LegRollup.row.names)) VALUES (?, \(LegRollup.row.places))")
    insertPeak = try connection.statement("INSERT OR REPLACE INTO leg_peak VALUES (?, ?, ?, ?, ?, ?, ?)")
    lastID = try connection.statement("SELECT last_insert_rowid()")
  }

  func clear(_ range: ClosedRange<Int64>) throws(SQLiteFailure) {
    try clear(range, deleteLegs)
    try clear(range, deletePeaks)
  }

  private func clear(_ range: ClosedRange<Int64>, _ statement: RawStatement) throws(SQLiteFailure) {
    statement.bind(1, range.lowerBound)
    statement.bind(2, range.upperBound)
    try statement.run()
  }

  func id(of named: LegGroup) throws(SQLiteFailure) -> Int64 {
    var group = named
    if !group.chain.isEmpty { group.firstProxy = -(try chains.id(of: group.chain)) }
    LegGroup.row.bind(group, to: findGroup)
    defer { findGroup.reset() }
    if try findGroup.step() { return findGroup.integer(0) }
    LegGroup.row.bind(group, to: insertGroup)
    try insertGroup.run()
    defer { lastID.reset() }
    _ = try lastID.step()
    return lastID.integer(0)
  }

  func delete(_ leg: LegRollup, group: Int64) throws(SQLiteFailure) {
    deleteLeg.bind(1, leg.bucket)
    deleteLeg.bind(2, group)
    try deleteLeg.run()
  }

  func insert(_ leg: LegRollup, group: Int64) throws(SQLiteFailure) {
    assert(leg.requests >= 0 && leg.attempts >= 0 && leg.firstStart <= leg.lastStart)
    assert(zip(leg.connections, leg.connections.dropFirst()).allSatisfy { $0 < $1 })
    insertLeg.bind(1, group)
    LegRollup.row.bind(leg, to: insertLeg, from: 2)
    try insertLeg.run()
  }

  func insert(_ peak: LegPeak) throws(SQLiteFailure) {
    for (index, number) in (peak.primaryKey + [peak.inFlight]).enumerated() {
      insertPeak.bind(Int32(index) + 1, number)
    }
    try insertPeak.run()
  }
}
