internal import GRDB
internal import GRDBSQLite

/// What was taken out of a damaged store's table.
package struct SalvagedTable: Sendable, Equatable {
  package var name: String
  /// Rows in the new store.
  package var rows = 0
  /// Rows that could be read, and were not what they must be.
  package var refused = 0
  /// Stretches of the table that could not be read; how many rows were there, nobody knows.
  package var gaps = 0
}

extension StoreWriter {
  /// Takes hops, and what they refer to, out of a damaged store into this one, which must be new.
  ///
  /// Texts and attribute sets carry a hash of themselves: where it is another one, they were changed, and are left
  /// out. A hop whose attributes are lost is lost with them; one whose path or another text is lost goes without it.
  /// Links and rollups are not taken: all hops are noted as not yet correlated. Feeding the logs again adds what was
  /// lost, and nothing twice.
  /// - Throws: `StoreError` where this one cannot be written.
  package func salvage(from source: DamagedStore) throws(StoreError) -> [SalvagedTable] {
    try begin()
    var salvage = SalvagedRows(from: source, to: connection)
    var tables = [
      try salvage.texts(), try salvage.sources(), try salvage.attributeSets(), try salvage.hops(),
    ]
    try transaction { (statements) throws(SQLiteFailure) in
      for start in stride(from: 0, to: salvage.identifiers.count, by: StoreLimits.identifierRunRows) {
        let end = min(start + StoreLimits.identifierRunRows, salvage.identifiers.count)
        try run.insert(Array(salvage.identifiers[start..<end]), statements)
      }
    }
    tables[3].rows = try countSalvaged()
    try commit()
    return tables
  }

  /// Lets go what refers to rows that the new store did not take; counts by stretch of time, and all of it as pending.
  /// - Returns: how many hops there are.
  private func countSalvaged() throws(StoreError) -> Int {
    try connection.access { db in
      try db.execute(
        sql: """
          DELETE FROM hop WHERE attributes NOT IN (SELECT id FROM attribute_set)
            OR source NOT IN (SELECT id FROM source);
          DELETE FROM identifier WHERE hop NOT IN (SELECT id FROM hop);
          INSERT INTO hop_count SELECT \(StretchCounts.stretch(ofColumn: "id")), count(*) FROM hop GROUP BY 1;
          INSERT INTO pending (first_start_us, last_end_us)
            SELECT min(start_us), max(end_us) FROM hop_time HAVING count(*) > 0;
          """)
      return try Int.fetchOne(db, sql: "SELECT count(*) FROM hop") ?? 0
    }
  }
}

/// The rows on their way, with what the ones before allow the next ones to refer to.
private struct SalvagedRows {
  private let source: DamagedStore
  private let target: StoreConnection
  /// `text.id` to the hash of the text.
  private var textHashes: [Int64: UInt64] = [:]
  private var sourceIDs: Set<Int64> = []
  /// Whether names of logs may be lost: only then a hop may name a log that is not there.
  private var losesSources = false
  private var attributeIDs: Set<Int64> = []
  private(set) var identifiers: [IdentifierEntry] = []

  init(from source: DamagedStore, to target: StoreConnection) {
    self.source = source
    self.target = target
  }

  /// Ids that a source can have; larger ones are damage.
  private static let sources: ClosedRange<Int64> = 1...1 << 20
  private static let sourceColumns = [
    "id", "name", "mesh_cluster", "namespace", "pod", "container", "workload",
  ]

  /// Copies a table's rows that `accepts` takes, after it has bound what differs from the row.
  private func copy(
    _ table: String, _ columns: [String], _ accepts: (RawStatement, RawStatement) -> Bool
  ) throws(StoreError) -> SalvagedTable {
    var result = SalvagedTable(name: table)
    guard var walk = try? TableWalk(source, table: table, columns: columns) else {
      result.gaps = 1
      return result
    }
    let places = columns.map { _ in "?" }.joined(separator: ", ")
    let insert = try target.statement(
      "INSERT OR IGNORE INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))")
    while let row = walk.next() {
      for column in columns.indices { insert.bind(Int32(column) + 1, Int32(column), of: row) }
      guard accepts(row, insert) else {
        result.refused += 1
        continue
      }
      let wasStored: Bool
      do throws(SQLiteFailure) {
        wasStored = try insert.runChanging()
      } catch {
        // A value of a type that the column does not take; anything else is the new file's trouble.
        guard error.code & 0xff == SQLITE_CONSTRAINT else { throw target.sorted(error) }
        wasStored = false
      }
      if wasStored { result.rows += 1 } else { result.refused += 1 }
    }
    result.gaps = walk.gaps
    result.refused += walk.wrongKeys.count
    try forget(walk.wrongKeys, of: table)
    return result
  }

  /// Rows that were taken before their key was known to be wrong.
  private func forget(_ keys: [Int64], of table: String) throws(StoreError) {
    guard !keys.isEmpty else { return }
    let delete = try target.statement("DELETE FROM \(table) WHERE id = ?")
    for key in keys {
      delete.bind(1, key)
      do throws(SQLiteFailure) { try delete.run() } catch { throw target.sorted(error) }
    }
  }

  mutating func texts() throws(StoreError) -> SalvagedTable {
    var hashes: [Int64: UInt64] = [:]
    let mask = target.options.textHashMask
    let table = try copy("text", ["id", "hash", "text"]) { row, _ in
      let hash = ByteHash.of(row.text(2))
      guard Int64(bitPattern: hash & mask) == row.integer(1) else { return false }
      hashes[row.integer(0)] = hash
      return true
    }
    textHashes = hashes
    return table
  }

  mutating func sources() throws(StoreError) -> SalvagedTable {
    var ids: Set<Int64> = []
    let table = try copy("source", SalvagedRows.sourceColumns) { row, _ in
      guard SalvagedRows.sources.contains(row.integer(0)) else { return false }
      ids.insert(row.integer(0))
      return true
    }
    sourceIDs = ids
    losesSources = table.gaps > 0 || table.refused > 0
    return table
  }

  mutating func attributeSets() throws(StoreError) -> SalvagedTable {
    var ids: Set<Int64> = []
    let texts = textHashes
    let table = try copy("attribute_set", ["id", "hash"] + StoredAttributes.columns) { row, insert in
      let values = StoredAttributes.columns.indices.map { row.optionalInteger(Int32($0) + 2) }
      guard StoredAttributes(values: values).hash == row.integer(1) else { return false }
      let known = StoredAttributes(
        values: values.enumerated().map { index, value in
          StoredAttributes.isKnown(value, column: StoredAttributes.columns[index], texts) ? value : nil
        })
      insert.bind(2, known.hash)
      for (index, value) in known.values.enumerated() { insert.bind(Int32(index) + 3, value) }
      ids.insert(row.integer(0))
      return true
    }
    attributeIDs = ids
    return table
  }

  mutating func hops() throws(StoreError) -> SalvagedTable {
    var found: [IdentifierEntry] = []
    var lostSources: Set<Int64> = []
    let columns = HopColumn.names
    let (attributeIDs, sourceIDs, texts, losesSources) = (attributeIDs, sourceIDs, textHashes, losesSources)
    let table = try copy("hop", columns) { row, insert in
      guard row.integer(0) >= 0, attributeIDs.contains(row.integer(HopColumn.attributes - 1)) else {
        return false
      }
      let log = row.integer(HopColumn.source - 1)
      if !sourceIDs.contains(log) {
        guard losesSources, SalvagedRows.sources.contains(log) else { return false }
        lostSources.insert(log)
      }
      for column in HopColumn.texts where row.type(column - 1) == SQLITE_INTEGER {
        if texts[row.integer(column - 1)] == nil { insert.bindNull(column) }
      }
      for column in [HopColumn.upstreamLocal, HopColumn.downstreamRemote] {
        let value = row.optionalInteger(column - 1) ?? 0
        if value < 0, texts[0 &- value] == nil { insert.bindNull(column) }
      }
      for column in [HopColumn.requestID, HopColumn.traceID] {
        guard let key = identifierKey(row, column - 1, texts) else { continue }
        found.append(IdentifierEntry(key: key, hop: row.integer(0)))
      }
      return true
    }
    identifiers = found
    try name(lostSources)
    return table
  }

  /// Logs whose names are lost, and whose hops are not.
  private func name(_ sources: Set<Int64>) throws(StoreError) {
    try target.access { db in
      for id in sources {
        try db.execute(
          sql: "INSERT OR IGNORE INTO source VALUES (?, ?, '', '', '', '', '')",
          arguments: [id, "salvaged-\(id).log"])
      }
    }
  }
}

/// What an id is found by, see `HopInserter`; nil where there is none.
private func identifierKey(_ row: RawStatement, _ column: Int32, _ texts: [Int64: UInt64]) -> Int64? {
  switch row.type(column) {
  case SQLITE_INTEGER: return texts[row.integer(column)].map { Int64(bitPattern: $0) }
  case SQLITE_TEXT:
    let text = row.text(column)
    let hash = IdentifierText.parse(text.utf8)?.high ?? ByteHash.of(text)
    return Int64(bitPattern: hash)
  case SQLITE_BLOB:
    let bytes = unsafe row.withBytes(column) { unsafe Array($0.prefix(8)) }
    return Int64(bitPattern: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  default: return nil
  }
}

extension StoredAttributes {
  fileprivate init(values: [Int64?]) { self.values = values }

  /// Whether a value refers to nothing that is lost.
  fileprivate static func isKnown(_ value: Int64?, column: String, _ texts: [Int64: UInt64]) -> Bool {
    guard let value else { return true }
    switch column {
    case "role", "response_flags", "response_code", "service_port": return true
    case "upstream_host", "downstream_local": return value >= 0 || texts[0 &- value] != nil
    default: return texts[value] != nil
    }
  }
}

extension HopColumn {
  /// Columns that may refer to `text`.
  fileprivate static let texts = [path, userAgent, requestID, forwardedFor, traceID]
  /// In the order of their numbers.
  fileprivate static let names = [
    "id", "identity_check", "start_offset_us", "source", "line", "attributes", "path", "user_agent",
    "request_id",
    "duration_us", "upstream_service_time_ms", "bytes_received", "bytes_sent", "upstream_local",
    "downstream_remote", "precision", "anomalies", "forwarded_for", "trace_id",
  ]
}
