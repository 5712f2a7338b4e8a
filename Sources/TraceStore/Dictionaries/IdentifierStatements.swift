internal import GRDBSQLite

/// The statements that write the index of ids.
struct IdentifierStatements {
  private let insertRun, insertBlock, selectBlocks, deleteRun, deleteBlocks, selectRuns, findHop: RawStatement

  init(_ connection: StoreConnection) throws(StoreError) {
    let ofRun = "id BETWEEN ?1 << 40 AND (?1 + 1 << 40) - 1"
    insertRun = try connection.statement(
      "INSERT INTO identifier_run (id, entries, first_hop) VALUES (?, ?, ?)")
    insertBlock = try connection.statement("INSERT INTO identifier_block (id, entries) VALUES (?, ?)")
    selectBlocks = try connection.statement(
      "SELECT id & ((1 << 40) - 1), entries FROM identifier_block WHERE \(ofRun) ORDER BY id")
    deleteRun = try connection.statement("DELETE FROM identifier_run WHERE id = ?1")
    deleteBlocks = try connection.statement("DELETE FROM identifier_block WHERE \(ofRun)")
    selectRuns = try connection.statement(
      "SELECT id, first_hop FROM identifier_run WHERE first_hop <= ? ORDER BY id")
    findHop = try connection.statement("SELECT 1 FROM hop WHERE id = ?")
  }

  func insert(run: Int64, base: Int64, _ entries: [IdentifierEntry]) throws(SQLiteFailure) {
    insertRun.bind(1, run)
    insertRun.bind(2, Int64(entries.count))
    insertRun.bind(3, base)
    try insertRun.run()
    // Those of an older run come from blocks that may be damaged.
    guard IdentifierStatements.isSound(entries, base) else {
      throw SQLiteFailure(code: SQLITE_CORRUPT, detail: "identifiers of run \(run) are out of order")
    }
    for block in IdentifierBlock.pack(entries, base: base) {
      insertBlock.bind(1, block.id(inRun: run))
      insertBlock.bindBlob(2, block.bytes)
      try insertBlock.run()
    }
  }

  /// Whether keys ascend from 0 on, and no hop is before the smallest. A loop, for it looks at each id of a log.
  private static func isSound(_ entries: [IdentifierEntry], _ base: Int64) -> Bool {
    var last: Int64 = 0
    for entry in entries {
      if entry.key < last || entry.hop < base { return false }
      last = entry.key
    }
    return true
  }

  /// The entries of a run, which goes.
  func take(run: Int64, base: Int64) throws(SQLiteFailure) -> [IdentifierEntry] {
    var entries: [IdentifierEntry] = []
    selectBlocks.bind(1, run)
    while try selectBlocks.step() {
      // Safe: the bytes are copied before the statement steps on.
      let bytes = unsafe selectBlocks.withBytes(1) { unsafe Array($0) }
      entries += IdentifierBlock(firstKey: selectBlocks.integer(0), bytes: bytes).entries(base: base)
    }
    selectBlocks.reset()
    for statement in [deleteBlocks, deleteRun] {
      statement.bind(1, run)
      try statement.run()
    }
    return entries
  }

  /// Drops the entries of hops that are gone, which had keys up to `last`.
  func dropMissing(upTo last: Int64) throws(SQLiteFailure) {
    var runs: [(number: Int64, base: Int64)] = []
    selectRuns.bind(1, last)
    while try selectRuns.step() { runs.append((selectRuns.integer(0), selectRuns.integer(1))) }
    selectRuns.reset()
    for run in runs {
      var kept: [IdentifierEntry] = []
      for entry in try take(run: run.number, base: run.base) where try isThere(entry, last) {
        kept.append(entry)
      }
      if kept.isEmpty { continue }
      try insert(run: run.number, base: kept.reduce(Int64.max) { min($0, $1.hop) }, kept)
    }
  }

  private func isThere(_ entry: IdentifierEntry, _ last: Int64) throws(SQLiteFailure) -> Bool {
    if entry.hop > last { return true }
    findHop.bind(1, entry.hop)
    defer { findHop.reset() }
    return try findHop.step()
  }
}
