extension StoreWriter {
  /// Deletes hops that had ended before an instant, with everything that was known about them. What is left around
  /// the instant waits for correlation afterwards.
  ///
  /// A connection that was still open then stays: later requests went over it.
  /// - Parameters:
  ///   - instant: microseconds since the epoch.
  ///   - margin: microseconds around it in which links may have crossed.
  /// - Returns: how many hops went.
  /// - Throws: `StoreError`; nothing has changed then.
  package func prune(endedBefore instant: Int64, margin: Int64) throws(StoreError) -> Int {
    let old = """
      IN (SELECT id FROM hop WHERE id <= ?1 AND (id >> 20) * 1000 + start_offset_us
        + min(max(ifnull(duration_us, 0), 0), 1 << 60) < ?2)
      """
    let keys = HopKey.range(ofStarts: Int64.min / 4...instant)
    let deletions = [
      "DELETE FROM extra_via WHERE hop \(old)", "DELETE FROM runner_up WHERE hop \(old)",
      "DELETE FROM link WHERE hop \(old)", "DELETE FROM hop WHERE id \(old)",
    ]
    // What remained refers to what went only where a link crossed the instant: it is linked anew.
    let repairs = [
      // A trace that began with the parent begins with the hop itself then.
      "UPDATE link SET trace = nullif(trace, hop), parent = NULL, claims = claims & ~\(LinkClaims.parentMask) WHERE parent IS NOT NULL AND parent NOT IN (SELECT id FROM hop)",
      "UPDATE link SET carrier = NULL, claims = claims & ~\(LinkClaims.carrierMask) WHERE carrier IS NOT NULL AND carrier NOT IN (SELECT id FROM hop)",
      "UPDATE link SET trace = nullif(hop, ifnull(parent, hop)) WHERE trace IS NOT NULL AND trace NOT IN (SELECT id FROM hop)",
      "DELETE FROM runner_up WHERE other NOT IN (SELECT id FROM hop)",
      "DELETE FROM extra_via WHERE carrier NOT IN (SELECT id FROM hop)",
      "DELETE FROM leg_group WHERE id NOT IN (SELECT leg_group FROM leg_rollup)",
    ]
    let pending = try connection.statement("INSERT INTO pending (first_start_us, last_end_us) VALUES (?, ?)")
    let changes = try connection.statement("SELECT changes()")
    var deletes: [RawStatement] = []
    for sql in deletions { deletes.append(try connection.statement(sql)) }
    var others: [RawStatement] = []
    for sql in repairs { others.append(try connection.statement(sql)) }
    others += try SlotCounts.recount(upTo: keys.upperBound, connection)
    let pruned = try transaction { (writing) throws(SQLiteFailure) in
      var hops = 0
      for statement in deletes {
        statement.bind(1, keys.upperBound)
        statement.bind(2, instant)
        try statement.run()
        _ = try changes.step()
        hops = Int(changes.integer(0))
        changes.reset()
      }
      for statement in others { try statement.run() }
      try writing.identifiers.dropMissing(upTo: keys.upperBound)
      pending.bind(1, instant - margin)
      pending.bind(2, instant + margin)
      try pending.run()
      return hops
    }
    // Runs that lost hops were written anew.
    runs = try IdentifierRuns(connection)
    return pruned
  }

  /// Gives the space of what was deleted back to the file system; takes as long as copying the database, whose pages have
  /// checks from then on.
  /// - Throws: `StoreError`
  package func vacuum() throws(StoreError) {
    let statement = try connection.statement("VACUUM")
    try connection.checkPlace()
    try connection.access { db in
      PageCheck.reserveRoom(db)
      try statement.run()
    }
    try connection.checkPlace()
  }
}
