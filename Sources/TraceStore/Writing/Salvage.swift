internal import AccessLog
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
  /// The secret of its hashes goes along, so that lines are known again. Texts and attribute sets carry a hash of themselves:
  /// where it is another one, they were changed, and are left out. A hop whose attributes are lost is lost with them; one whose path or another text is lost goes without it.
  /// Links and rollups are not taken: all hops are noted as not yet correlated. Feeding the logs again adds what was
  /// lost, and nothing twice.
  /// - Throws: `StoreError` where this one cannot be written.
  package func salvage(from source: DamagedStore) throws(StoreError) -> [SalvagedTable] {
    let old = SalvagedHashes(source, connection.options.textHashMask)
    try connection.adopt(HashSecret(key: old.secret?.key ?? secret.key, lines: old.lines))
    try begin()
    var salvage = SalvagedRows(from: source, to: connection, old, try connection.hashSecret())
    var tables = [
      try salvage.texts(), try salvage.sources(), try salvage.attributeSetRows(), try salvage.hops(),
    ]
    tables[3].rows = try countSalvaged()
    try transaction { (statements) throws(SQLiteFailure) in
      for start in stride(from: 0, to: salvage.identifiers.count, by: StoreLimits.identifierRunEntries) {
        let end = min(start + StoreLimits.identifierRunEntries, salvage.identifiers.count)
        try runs.insert(Array(salvage.identifiers[start..<end]), statements.identifiers)
      }
      // Some of the hops were not taken after all.
      try statements.identifiers.dropMissing(upTo: .max)
    }
    try commit()
    runs = try IdentifierRuns(connection)
    return old.isLost ? tables + [SalvagedTable(name: StoreSecret.tables[0], gaps: 1)] : tables
  }

  /// Lets go what refers to rows that the new store did not take; counts by stretch of time, and all of it as pending.
  /// - Returns: how many hops there are.
  private func countSalvaged() throws(StoreError) -> Int {
    try connection.access { db in
      try db.execute(
        sql: """
          DELETE FROM hop WHERE attributes NOT IN (SELECT id FROM attribute_set);
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
  private let old: SalvagedHashes
  private let textKey: SipKey
  private let setKey: SipKey
  /// `text.id` to the hash of the text.
  private var textHashes: [Int64: UInt64] = [:]
  private var sourceIDs: Set<Int64> = []
  /// Whether names of logs may be lost: only then hops may be of a log that is not there.
  private var losesSources = false
  /// `attribute_set.id` to which of its hops' addresses are ports alone.
  private var attributeSets: [Int64: AddressIPs] = [:]
  private(set) var identifiers: [IdentifierEntry] = []

  init(from source: DamagedStore, to target: StoreConnection, _ old: SalvagedHashes, _ secret: HashSecret) {
    self.source = source
    self.target = target
    self.old = old
    textKey = secret.key(for: .texts)
    setKey = secret.key(for: .attributeSets)
  }

  /// Ids that a source can have; larger ones are damage.
  private static let sources: ClosedRange<Int64> = 1...1 << 20
  private static let sourceColumns = [
    "id", "name", "mesh_cluster", "namespace", "pod", "container", "workload",
  ]

  /// Copies a table's rows that `accepts` takes, after it has bound what differs from the row. `others`: what the columns are
  /// called in the damaged store, where it is of an older schema.
  private func copy(
    _ table: String, _ columns: [String], reading others: [String]? = nil,
    _ accepts: (RawStatement, RawStatement) -> Bool
  ) throws(StoreError) -> SalvagedTable {
    var result = SalvagedTable(name: table)
    guard var walk = try? TableWalk(source, table: table, columns: others ?? columns) else {
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

  /// The keys that a table of the new store has.
  private func keys(_ table: String) throws(StoreError) -> Set<Int64> {
    try target.access { db in try Int64.fetchSet(db, sql: "SELECT id FROM \(table)") }
  }

  mutating func texts() throws(StoreError) -> SalvagedTable {
    var hashes: [Int64: UInt64] = [:]
    let mask = target.options.textHashMask
    let (old, key) = (old, textKey)
    let table = try copy("text", ["id", "hash", "text"]) { row, insert in
      guard old.holds(text: row.text(2), hash: row.integer(1)) else { return false }
      let hash = key.hash(row.text(2))
      insert.bind(2, TextDictionary.stored(hash, mask: mask))
      hashes[row.integer(0)] = hash
      return true
    }
    // Of two rows with one key both went again.
    let kept = try keys("text")
    textHashes = hashes.filter { kept.contains($0.key) }
    return table
  }

  mutating func sources() throws(StoreError) -> SalvagedTable {
    var ids: Set<Int64> = []
    let table = try copy("source", SalvagedRows.sourceColumns) { row, _ in
      guard SalvagedRows.sources.contains(row.integer(0)) else { return false }
      ids.insert(row.integer(0))
      return true
    }
    sourceIDs = ids.intersection(try keys("source"))
    losesSources = table.gaps > 0 || table.refused > 0
    return table
  }

  mutating func attributeSetRows() throws(StoreError) -> SalvagedTable {
    var sets: [Int64: AddressIPs] = [:]
    var lostSources: Set<Int64> = []
    let (texts, sourceIDs, losesSources) = (textHashes, sourceIDs, losesSources)
    let (old, key) = (old, setKey)
    let names = StoredAttributes.columns
    let isOld = (try? source.statement("SELECT line_role FROM attribute_set LIMIT 0")) == nil
    let read = isOld ? StoredAttributes.columns6 : names
    let table = try copy(
      "attribute_set", ["id", "hash"] + names + ["role"], reading: ["id", "hash"] + read + ["role"]
    ) { row, insert in
      let values = names.indices.map { row.optionalInteger(Int32($0) + 2) }
      guard old.holds(StoredAttributes(values: values), hash: row.integer(1)) else { return false }
      let known = StoredAttributes(
        values: values.enumerated().map { index, value in
          StoredAttributes.isKnown(value, column: names[index], texts) ? value : nil
        })
      insert.bind(2, known.hash(key))
      for (index, value) in known.values.enumerated() { insert.bind(Int32(index) + 3, value) }
      let log = known["source"] ?? 0
      if !sourceIDs.contains(log) {
        guard losesSources, SalvagedRows.sources.contains(log) else { return false }
        lostSources.insert(log)
      }
      sets[row.integer(0)] = (known["upstream_local_ip"] != nil, known["downstream_remote_ip"] != nil)
      return true
    }
    attributeSets = sets
    try name(lostSources)
    return table
  }

  mutating func hops() throws(StoreError) -> SalvagedTable {
    var found: [IdentifierEntry] = []
    let (attributeSets, texts, key) = (attributeSets, textHashes, textKey)
    let table = try copy("hop", HopColumn.names) { row, insert in
      guard row.integer(0) >= 0, let ips = attributeSets[row.integer(HopColumn.attributes - 1)] else {
        return false
      }
      for column in HopColumn.texts where row.type(column - 1) == SQLITE_INTEGER {
        if texts[row.integer(column - 1)] == nil { insert.bindNull(column) }
      }
      for (column, isPort) in [
        (HopColumn.upstreamLocal, ips.upstreamLocal), (HopColumn.downstreamRemote, ips.downstreamRemote),
      ] {
        let value = row.optionalInteger(column - 1) ?? 0
        if value < 0, !isPort, texts[0 &- value] == nil { insert.bindNull(column) }
      }
      for column in [HopColumn.requestID, HopColumn.traceID] {
        guard let word = identifierWord(row, column - 1, texts, key) else { continue }
        found.append(IdentifierEntry(id: word, hop: row.integer(0)))
      }
      return true
    }
    identifiers = found
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
private func identifierWord(
  _ row: RawStatement, _ column: Int32, _ texts: [Int64: UInt64], _ key: SipKey
) -> UInt64? {
  switch row.type(column) {
  case SQLITE_INTEGER: return texts[row.integer(column)]
  case SQLITE_TEXT:
    let text = row.text(column)
    return IdentifierText.parse(text.utf8)?.high ?? key.hash(text)
  case SQLITE_BLOB:
    let bytes = unsafe row.withBytes(column) { unsafe Array($0.prefix(8)) }
    return bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  default: return nil
  }
}

extension StoredAttributes {
  fileprivate subscript(column: String) -> Int64? {
    StoredAttributes.columns.firstIndex(of: column).flatMap { values[$0] }
  }

  /// Whether a value refers to nothing that is lost.
  fileprivate static func isKnown(_ value: Int64?, column: String, _ texts: [Int64: UInt64]) -> Bool {
    guard let value else { return true }
    switch column {
    case "source", "line_role", "response_flags", "response_code", "service_port", "upstream_local_ip",
      "downstream_remote_ip", "precision", "anomalies":
      return true
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
    "id", "identity_check", "start_offset_us", "line", "attributes", "path", "user_agent", "request_id",
    "duration_us", "service_time_gap_ms", "bytes_received", "bytes_sent", "upstream_local",
    "downstream_remote", "forwarded_for", "trace_id",
  ]
}
