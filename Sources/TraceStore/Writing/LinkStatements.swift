internal import Correlation

/// The statements that write links, prepared once per writer.
///
/// Rows go in by groups, in the order of their keys: SQLite opens its cursors once for all of a group, and appends
/// where the table ends.
final class LinkStatements {
  let selectRange, selectExtras, anyInRange: RawStatement
  let findRoot, findParent, findMembers, updateRoot: RawStatement
  private let insertOne, insertGroup, insertExtra, deleteOne, deleteExtras, deletePending: RawStatement

  init(_ connection: StoreConnection) throws(StoreError) {
    let columns = """
      hop, trace, parent, parent_confidence, parent_evidence, carrier, carrier_confidence, carrier_evidence,
        carrier_status, runner_up, margin
      """
    // A key tells the millisecond of the start; only near the ends must the hop itself be asked.
    let inRange = """
      BETWEEN ?1 AND ?2 AND (hop BETWEEN ?5 AND ?6 OR EXISTS (SELECT 1 FROM hop AS own
        WHERE own.id = hop AND (own.id >> 20) * 1000 + own.start_offset_us BETWEEN ?3 AND ?4))
      """
    selectRange = try connection.statement("SELECT \(columns) FROM link WHERE hop \(inRange) ORDER BY hop")
    selectExtras = try connection.statement(
      "SELECT hop, carrier, confidence, evidence FROM extra_via WHERE hop \(inRange) ORDER BY hop, carrier")
    anyInRange = try connection.statement("SELECT 1 FROM link WHERE hop BETWEEN ?1 AND ?2 LIMIT 1")
    findRoot = try connection.statement("SELECT trace FROM link WHERE hop = ?")
    findParent = try connection.statement("SELECT parent FROM link WHERE hop = ?")
    findMembers = try connection.statement("SELECT hop FROM link WHERE trace = ?")
    updateRoot = try connection.statement("UPDATE link SET trace = ?2 WHERE hop = ?1")
    // FAIL needs no copy of the pages that a statement writes to, as ABORT does for rows that go in together.
    let insert = "INSERT OR FAIL INTO link (\(columns)) VALUES "
    let row = "(" + Array(repeating: "?", count: Int(LinkRow.columns)).joined(separator: ", ") + ")"
    insertOne = try connection.statement(insert + row)
    insertGroup = try connection.statement(
      insert + Array(repeating: row, count: StoreLimits.groupRows).joined(separator: ", "))
    insertExtra = try connection.statement(
      "INSERT INTO extra_via (hop, carrier, confidence, evidence) VALUES (?, ?, ?, ?)")
    deleteOne = try connection.statement("DELETE FROM link WHERE hop = ?")
    deleteExtras = try connection.statement("DELETE FROM extra_via WHERE hop = ?")
    deletePending = try connection.statement(
      "DELETE FROM pending WHERE id <= ? AND first_start_us >= ? AND last_end_us <= ?")
  }

  /// Writes rows of hops that have none.
  func insert(_ links: ArraySlice<HopOutcome>) throws(SQLiteFailure) {
    var next = links.startIndex
    while next + StoreLimits.groupRows <= links.endIndex {
      for place in 0..<StoreLimits.groupRows {
        LinkRow(links[next + place]).bind(to: insertGroup, after: Int32(place) * LinkRow.columns)
      }
      try insertGroup.run()
      next += StoreLimits.groupRows
    }
    for link in links[next...] {
      LinkRow(link).bind(to: insertOne, after: 0)
      try insertOne.run()
    }
    for link in links where link.carriers.count > 1 { try insertExtras(link) }
  }

  private func insertExtras(_ link: HopOutcome) throws(SQLiteFailure) {
    for extra in link.carriers.dropFirst() {
      insertExtra.bind(1, link.hop)
      insertExtra.bind(2, extra.target)
      insertExtra.bind(3, LinkRow.tenThousandths(extra.confidence))
      insertExtra.bind(4, Int64(extra.evidence.rawValue))
      try insertExtra.run()
    }
  }

  func delete(_ hop: Int64) throws(SQLiteFailure) {
    deleteExtras.bind(1, hop)
    try deleteExtras.run()
    deleteOne.bind(1, hop)
    try deleteOne.run()
  }

  /// Takes what lies wholly in a range (of microseconds since the epoch) off the list of pending work.
  func finish(_ work: PendingWork, in range: ClosedRange<Int64>?) throws(SQLiteFailure) {
    deletePending.bind(1, work.lastID)
    deletePending.bind(2, range?.lowerBound ?? .min)
    deletePending.bind(3, range?.upperBound ?? .max)
    try deletePending.run()
  }
}
