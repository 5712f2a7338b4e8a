internal import AccessLog
internal import Correlation

/// The statements that write links, prepared once per writer.
///
/// Rows go in by groups, in the order of their keys: SQLite opens its cursors once for all of a group, and appends
/// where the table ends.
final class LinkStatements {
  let selectRange, selectExtras, selectRunnersUp, anyInRange: RawStatement
  let findRoot, findParent, findNear, findFar, updateRoot: RawStatement
  private let insertOne, insertGroup, insertExtra, insertRunnerUp: RawStatement
  private let deleteOne, deleteExtras, deleteRunnerUp: RawStatement

  init(_ connection: StoreConnection) throws(StoreError) {
    let columns = "hop, trace, parent, carrier, claims"
    // A key tells the millisecond of the start; only near the ends must the hop itself be asked.
    let inRange = """
      BETWEEN ?1 AND ?2 AND (hop BETWEEN ?5 AND ?6 OR EXISTS (SELECT 1 FROM hop AS own
        WHERE own.id = hop AND (own.id >> 20) * 1000 + own.start_offset_us BETWEEN ?3 AND ?4))
      """
    selectRange = try connection.statement("SELECT \(columns) FROM link WHERE hop \(inRange) ORDER BY hop")
    selectExtras = try connection.statement(
      "SELECT hop, carrier, confidence, evidence FROM extra_via WHERE hop \(inRange) ORDER BY hop, carrier")
    selectRunnersUp = try connection.statement(
      "SELECT hop, other, ifnull(margin, -1) FROM runner_up WHERE hop \(inRange) ORDER BY hop")
    anyInRange = try connection.statement("SELECT 1 FROM link WHERE hop BETWEEN ?1 AND ?2 LIMIT 1")
    findRoot = try connection.statement("SELECT coalesce(trace, parent, hop) FROM link WHERE hop = ?")
    findParent = try connection.statement("SELECT parent FROM link WHERE hop = ?")
    findNear = try connection.statement(
      "SELECT hop FROM link WHERE hop BETWEEN ?2 AND ?3 AND ifnull(trace, parent) = ?1")
    findFar = try connection.statement(
      "SELECT hop FROM link INDEXED BY link_far WHERE ifnull(trace, parent) = ?1 AND \(Schema.farCondition)")
    updateRoot = try connection.statement(
      "UPDATE link SET trace = nullif(?2, ifnull(parent, hop)) WHERE hop = ?1")
    // FAIL needs no copy of the pages that a statement writes to, as ABORT does for rows that go in together.
    let insert = "INSERT OR FAIL INTO link (\(columns)) VALUES "
    let row = "(" + Array(repeating: "?", count: Int(LinkRow.columns)).joined(separator: ", ") + ")"
    insertOne = try connection.statement(insert + row)
    insertGroup = try connection.statement(
      insert + Array(repeating: row, count: StoreLimits.groupRows).joined(separator: ", "))
    insertExtra = try connection.statement(
      "INSERT INTO extra_via (hop, carrier, confidence, evidence) VALUES (?, ?, ?, ?)")
    insertRunnerUp = try connection.statement("INSERT INTO runner_up (hop, other, margin) VALUES (?, ?, ?)")
    deleteOne = try connection.statement("DELETE FROM link WHERE hop = ?")
    deleteExtras = try connection.statement("DELETE FROM extra_via WHERE hop = ?")
    deleteRunnerUp = try connection.statement("DELETE FROM runner_up WHERE hop = ?")
  }

  /// Writes rows of hops that have none.
  func insert(_ links: ArraySlice<HopOutcome>) throws(SQLiteFailure) {
    // Where they lie: a copy of each would cost as much as its row.
    let links = links.span
    var next = 0
    while links.count - next >= StoreLimits.groupRows {
      for place in 0..<StoreLimits.groupRows {
        LinkRow(links[next + place]).bind(to: insertGroup, after: Int32(place) * LinkRow.columns)
      }
      try insertGroup.run()
      next += StoreLimits.groupRows
    }
    for place in next..<links.count {
      LinkRow(links[place]).bind(to: insertOne, after: 0)
      try insertOne.run()
    }
    for place in links.indices where !links[place].carriers.others.isEmpty {
      try insertExtras(links[place])
    }
    for place in links.indices {
      if let other = links[place].runnerUp { try insert(runnerUp: other, of: links[place]) }
    }
  }

  private func insert(runnerUp other: Int64, of link: HopOutcome) throws(SQLiteFailure) {
    insertRunnerUp.bind(1, link.hop)
    insertRunnerUp.bind(2, other)
    insertRunnerUp.bind(3, link.margin.map(LinkClaims.tenThousandths))
    try insertRunnerUp.run()
  }

  private func insertExtras(_ link: HopOutcome) throws(SQLiteFailure) {
    for extra in link.carriers.others {
      insertExtra.bind(1, link.hop)
      insertExtra.bind(2, extra.target)
      insertExtra.bind(3, LinkClaims.tenThousandths(extra.confidence))
      insertExtra.bind(4, Int64(extra.evidence.rawValue))
      try insertExtra.run()
    }
  }

  func delete(_ hop: Int64) throws(SQLiteFailure) {
    deleteExtras.bind(1, hop)
    try deleteExtras.run()
    deleteRunnerUp.bind(1, hop)
    try deleteRunnerUp.run()
    deleteOne.bind(1, hop)
    try deleteOne.run()
  }
}
