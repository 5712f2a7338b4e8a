package import Correlation

/// What correlation found out about one hop.
package struct HopLinks: Sendable {
  package var hop: Int64
  /// The first hop of its trace; itself where it is the first.
  package var traceRoot: Int64
  /// Of kind `parent`.
  package var parent: Link?
  /// Of kind `via`, the surest first.
  package var carriers: [Link]
  package var carrierStatus: CarrierStatus
  /// The second-best parent or carrier, and by how much confidence it was beaten (0 to 1).
  package var runnerUp: Int64?
  package var margin: Double?

  package init(
    hop: Int64, traceRoot: Int64, parent: Link? = nil, carriers: [Link] = [],
    carrierStatus: CarrierStatus = .unknown, runnerUp: Int64? = nil, margin: Double? = nil
  ) {
    self.hop = hop
    self.traceRoot = traceRoot
    self.parent = parent
    self.carriers = carriers
    self.carrierStatus = carrierStatus
    self.runnerUp = runnerUp
    self.margin = margin
  }
}

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

  /// Replaces what is known about the hops that start in a range, or about all; and in the same transaction takes
  /// the work that this has done off the list.
  ///
  /// - Parameters:
  ///   - range: of starts, microseconds since the epoch; nil for all.
  ///   - links: of hops that start in the range; others are an error of the caller's and are not noticed.
  ///   - work: what was pending when the hops were read. Only what lies wholly in the range
  ///     is taken off.
  /// - Throws: `StoreError`; nothing has changed then.
  package func replaceLinks(
    startingIn range: ClosedRange<Int64>? = nil, _ links: [HopLinks], covering work: PendingWork? = nil
  ) throws(StoreError) {
    let statements = try LinkStatements(connection)
    let sorted = links.sorted { $0.hop < $1.hop }
    try transaction { (_) throws(SQLiteFailure) in
      try statements.clear(range)
      for link in sorted { try statements.insert(link) }
      if let work { try statements.clearPending(work, in: range) }
    }
  }
}

extension StoreWriter {
  /// Takes work off the list, wherever it was done; in the caller's transaction, where one is open.
  /// - Throws: `StoreError`; nothing has changed then.
  package func finish(_ work: PendingWork) throws(StoreError) {
    let statements = try LinkStatements(connection)
    try transaction { (_) throws(SQLiteFailure) in try statements.clearPending(work, in: nil) }
  }
}

/// The statements that write links.
private struct LinkStatements {
  private let deleteExtra, deleteAllExtra, delete, deleteAll, insert, insertExtra, deletePending: RawStatement

  init(_ connection: StoreConnection) throws(StoreError) {
    let inRange = """
      IN (SELECT id FROM hop
        WHERE id BETWEEN ?1 AND ?2 AND (id >> 20) * 1000 + start_offset_us BETWEEN ?3 AND ?4)
      """
    deleteExtra = try connection.statement("DELETE FROM extra_via WHERE hop \(inRange)")
    deleteAllExtra = try connection.statement("DELETE FROM extra_via")
    delete = try connection.statement("DELETE FROM link WHERE hop \(inRange)")
    deleteAll = try connection.statement("DELETE FROM link")
    insert = try connection.statement(
      """
      INSERT INTO link (hop, trace, parent, parent_confidence, parent_evidence, carrier, carrier_confidence,
        carrier_evidence, carrier_status, runner_up, margin)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    insertExtra = try connection.statement(
      "INSERT INTO extra_via (hop, carrier, confidence, evidence) VALUES (?, ?, ?, ?)")
    deletePending = try connection.statement(
      "DELETE FROM pending WHERE id <= ? AND first_start_us >= ? AND last_end_us <= ?")
  }

  func clear(_ range: ClosedRange<Int64>?) throws(SQLiteFailure) {
    guard let range else {
      try deleteAllExtra.run()
      try deleteAll.run()
      return
    }
    try clear(range, deleteExtra)
    try clear(range, delete)
  }

  private func clear(_ range: ClosedRange<Int64>, _ statement: RawStatement) throws(SQLiteFailure) {
    let keys = HopKey.range(ofStarts: range)
    statement.bind(1, keys.lowerBound)
    statement.bind(2, keys.upperBound)
    statement.bind(3, range.lowerBound)
    statement.bind(4, range.upperBound)
    try statement.run()
  }

  func insert(_ links: HopLinks) throws(SQLiteFailure) {
    let carrier = links.carriers.first
    insert.bind(1, links.hop)
    insert.bind(2, links.traceRoot == links.hop ? nil : links.traceRoot)
    insert.bind(3, links.parent?.target)
    insert.bind(4, links.parent.map { tenThousandths($0.confidence) })
    insert.bind(5, links.parent.map { Int64($0.evidence.rawValue) })
    insert.bind(6, carrier?.target)
    insert.bind(7, carrier.map { tenThousandths($0.confidence) })
    insert.bind(8, carrier.map { Int64($0.evidence.rawValue) })
    insert.bind(9, Int64(links.carrierStatus.rawValue))
    insert.bind(10, links.runnerUp)
    insert.bind(11, links.margin.map(tenThousandths))
    try insert.run()
    for extra in links.carriers.dropFirst() {
      insertExtra.bind(1, links.hop)
      insertExtra.bind(2, extra.target)
      insertExtra.bind(3, tenThousandths(extra.confidence))
      insertExtra.bind(4, Int64(extra.evidence.rawValue))
      try insertExtra.run()
    }
  }

  func clearPending(_ work: PendingWork, in range: ClosedRange<Int64>?) throws(SQLiteFailure) {
    deletePending.bind(1, work.lastID)
    deletePending.bind(2, range?.lowerBound ?? .min)
    deletePending.bind(3, range?.upperBound ?? .max)
    try deletePending.run()
  }

  private func tenThousandths(_ probability: Double) -> Int64 {
    probability.isNaN ? 0 : Int64((min(max(probability, 0), 1) * 10_000).rounded())
  }
}
