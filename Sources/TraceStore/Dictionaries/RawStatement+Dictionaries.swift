extension RawStatement {
  /// Runs an insertion of one row.
  /// - Returns: the id that SQLite gave it. `RETURNING` would cost a temporary table per row.
  func insertedID() throws(SQLiteFailure) -> Int64 {
    try run()
    return lastInsertedID
  }
}
