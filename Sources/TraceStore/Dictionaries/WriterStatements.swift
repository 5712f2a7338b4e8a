internal import AccessLog

/// The statements of the write path, prepared once per writer.
struct WriterStatements {
  let begin, commit, rollback: RawStatement
  let insertHop, insertHops, findHop, raiseLine, rename, insertPending, addCount: RawStatement
  let identifiers: IdentifierStatements
  let findText, insertText, insertTexts: RawStatement
  let findAttributeSet, insertAttributeSet: RawStatement
  let sources: SourceStatements

  init(_ connection: StoreConnection) throws(StoreError) {
    begin = try connection.statement("BEGIN IMMEDIATE")
    commit = try connection.statement("COMMIT")
    rollback = try connection.statement("ROLLBACK")
    insertHop = try connection.statement(WriterStatements.hops("OR IGNORE", rows: 1))
    insertHops = try connection.statement(WriterStatements.hops("OR FAIL", rows: StoreLimits.groupRows))
    findHop = try connection.statement("SELECT identity_check, line, attributes FROM hop WHERE id = ?")
    rename = try connection.statement("UPDATE hop SET attributes = ?2 WHERE id = ?1")
    raiseLine = try connection.statement("UPDATE hop SET line = ?2 WHERE id = ?1")
    identifiers = try IdentifierStatements(connection)
    insertPending = try connection.statement(
      "INSERT INTO pending (first_start_us, last_end_us, only_connections, hop) VALUES (?, ?, ?, ?)")
    addCount = try connection.statement(
      "INSERT INTO hop_count VALUES (?, ?) ON CONFLICT DO UPDATE SET hops = hops + excluded.hops")
    findText = try connection.statement("SELECT id, text FROM text WHERE hash = ?")
    // FAIL needs no copy of the pages that rows which go in together are written to, as ABORT does.
    let insertText = "INSERT OR FAIL INTO text (hash, text) VALUES "
    self.insertText = try connection.statement(insertText + WriterStatements.places(rows: 1, columns: 2))
    insertTexts = try connection.statement(
      insertText + WriterStatements.places(rows: StoreLimits.groupRows, columns: 2))
    let columns = StoredAttributes.columns.joined(separator: ", ")
    findAttributeSet = try connection.statement("SELECT id, \(columns) FROM attribute_set WHERE hash = ?")
    let places = StoredAttributes.columns.map { _ in "?" }.joined(separator: ", ")
    insertAttributeSet = try connection.statement(
      """
      INSERT INTO attribute_set (hash, \(columns), role, source)
      VALUES (?, \(places), ?, (SELECT source FROM told_source WHERE id = ?))
      """)
    sources = try SourceStatements(connection)
  }

  /// Columns in the order of `HopColumn`, row after row.
  private static func hops(_ conflict: String, rows: Int) -> String {
    """
    INSERT \(conflict) INTO hop (id, identity_check, start_offset_us, line, attributes, path, user_agent, request_id,
      duration_us, service_time_gap_ms, bytes_received, bytes_sent, upstream_local, downstream_remote,
      forwarded_for, trace_id)
    VALUES \(places(rows: rows, columns: Int(HopColumn.count)))
    """
  }

  private static func places(rows: Int, columns: Int) -> String {
    let row = "(" + Array(repeating: "?", count: columns).joined(separator: ", ") + ")"
    return Array(repeating: row, count: rows).joined(separator: ", ")
  }
}
