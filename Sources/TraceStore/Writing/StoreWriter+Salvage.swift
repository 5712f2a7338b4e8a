internal import AccessLog
internal import GRDB
internal import GRDBSQLite

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
      try salvage.texts(), try salvage.sources(), try salvage.told(), try salvage.attributeSetRows(),
      try salvage.hops(),
    ]
    tables[4].rows = try countSalvaged()
    if old.version >= 9 { tables += [try salvage.objects(), try salvage.endpoints()] }
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
          UPDATE told_source SET first_us = f.first_us FROM (
              SELECT a.told AS told, min((h.id >> 20) * 1000 + h.start_offset_us) AS first_us
              FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes GROUP BY a.told) f
            WHERE f.told = told_source.id;
          INSERT INTO hop_count SELECT \(SlotCounts.slot(ofColumn: "id")), count(*) FROM hop GROUP BY 1;
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
  private var toldIDs: Set<Int64> = []
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
  private var sourceColumns: [String] {
    ["id", "name", "mesh_cluster", "namespace", "pod", "container", "workload"]
      + (old.version < 7 ? [] : ["address"])
  }
  private static let toldColumns = [
    "id", "pod", "address", "name", "mesh_cluster", "namespace", "container", "source", "first_us",
  ]

  /// Copies a table's rows that `accepts` takes, after it has bound what differs from the row. `names`: of the columns
  /// where they are called otherwise now; `more`: values of others.
  private func copy(
    _ table: String, _ columns: [String], as names: [String]? = nil, more: [(String, Int64)] = [],
    _ accepts: (RawStatement, RawStatement) -> Bool
  ) throws(StoreError) -> SalvagedTable {
    var result = SalvagedTable(name: table)
    guard var walk = try? TableWalk(source, table: table, columns: columns) else {
      result.gaps = 1
      return result
    }
    let places = (columns.map { _ in "?" } + more.map { "\($0.1)" }).joined(separator: ", ")
    let all = ((names ?? columns) + more.map(\.0)).joined(separator: ", ")
    let insert = try target.statement("INSERT OR IGNORE INTO \(table) (\(all)) VALUES (\(places))")
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
    let table = try copy("source", sourceColumns) { row, _ in
      guard SalvagedRows.sources.contains(row.integer(0)) else { return false }
      ids.insert(row.integer(0))
      return true
    }
    sourceIDs = ids.intersection(try keys("source"))
    losesSources = table.gaps > 0 || table.refused > 0
    return table
  }

  /// Before schema 7 what was told of a source is the source itself.
  mutating func told() throws(StoreError) -> SalvagedTable {
    if old.version < 7 {
      try target.access { db in
        try db.execute(
          sql: """
            INSERT INTO told_source (id, pod, address, name, mesh_cluster, namespace, container, source, is_settled,
              is_doubtful)
            SELECT id, pod, '', name, mesh_cluster, namespace, container, id, 0, 0 FROM source
            """)
      }
      toldIDs = sourceIDs
      return SalvagedTable(name: "told_source", rows: sourceIDs.count)
    }
    var ids: Set<Int64> = []
    let table = try copy(
      "told_source", SalvagedRows.toldColumns, more: [("is_settled", 0), ("is_doubtful", 0)]
    ) { row, _ in
      guard SalvagedRows.sources.contains(row.integer(0)), row.integer(7) >= 0 else { return false }
      ids.insert(row.integer(0))
      return true
    }
    toldIDs = ids.intersection(try keys("told_source"))
    losesSources = losesSources || table.gaps > 0 || table.refused > 0
    return table
  }

  mutating func attributeSetRows() throws(StoreError) -> SalvagedTable {
    var sets: [Int64: AddressIPs] = [:]
    var lost: Set<Int64> = []
    let (texts, toldIDs, losesSources) = (textHashes, toldIDs, losesSources)
    let (old, key) = (old, setKey)
    let read = StoredAttributes.columns(old.version)
    let names = Array(StoredAttributes.columns.prefix(read.count))
    let table = try copy(
      "attribute_set", ["id", "hash"] + read + ["role"], as: ["id", "hash"] + names + ["role"],
      more: [("source", 0)]
    ) { row, insert in
      let values = names.indices.map { row.optionalInteger(Int32($0) + 2) }
      guard old.holds(StoredAttributes(values: values), hash: row.integer(1)) else { return false }
      let known = StoredAttributes(
        values: values.enumerated().map { index, value in
          StoredAttributes.isKnown(value, column: names[index], texts) ? value : nil
        })
      insert.bind(2, known.hash(key))
      for (index, value) in known.values.enumerated() { insert.bind(Int32(index) + 3, value) }
      let log = known["told"] ?? 0
      if !toldIDs.contains(log) {
        guard losesSources, SalvagedRows.sources.contains(log) else { return false }
        lost.insert(log)
      }
      sets[row.integer(0)] = (known["upstream_local_ip"] != nil, known["downstream_remote_ip"] != nil)
      return true
    }
    attributeSets = sets
    try name(lost)
    try placeSets()
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

  func objects() throws(StoreError) -> SalvagedTable {
    try copy("kubernetes_object", SalvagedRows.objectColumns, more: [("is_settled", 0)]) { row, _ in
      row.integer(0) > 0
    }
  }

  func endpoints() throws(StoreError) -> SalvagedTable {
    let kept = try keys("kubernetes_object")
    let columns = ["id", "object", "address", "port", "port_name", "pod", "zone"]
    return try copy("kubernetes_endpoint", columns) { row, _ in kept.contains(row.integer(1)) }
  }

  private static let objectColumns = [
    "id", "kind", "mesh_cluster", "namespace", "name", "uid", "version", "first_us", "last_us", "owner",
    "node", "zone",
  ]

  /// Logs whose names are lost, and whose hops are not.
  private func name(_ lost: Set<Int64>) throws(StoreError) {
    try target.access { db in
      for id in lost {
        try db.execute(
          sql: """
            INSERT OR IGNORE INTO told_source (id, pod, address, name, mesh_cluster, namespace, container, source,
              is_settled, is_doubtful) VALUES (?, '', '', ?, '', '', '', 0, 0, 0)
            """,
          arguments: [id, "salvaged-\(id).log"])
      }
    }
  }

  /// Gives each attribute set the source that what was told of it is taken for, which may be lost, too.
  private func placeSets() throws(StoreError) {
    try target.access { db in
      let lost = try Int64.fetchAll(
        db, sql: "SELECT id FROM told_source WHERE source NOT IN (SELECT id FROM source)")
      for id in lost {
        try db.execute(
          sql: """
            INSERT INTO source (name, mesh_cluster, namespace, pod, container, workload)
            SELECT name, mesh_cluster, namespace, pod, container, '' FROM told_source WHERE id = ?
            """, arguments: [id])
        try db.execute(
          sql: "UPDATE told_source SET source = last_insert_rowid() WHERE id = ?", arguments: [id])
      }
      try db.execute(
        sql: "UPDATE attribute_set SET source = (SELECT source FROM told_source t WHERE t.id = told)")
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
    // Safe: the bytes are copied before the statement steps on.
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
    case "told", "line_role", "response_flags", "response_code", "service_port", "upstream_local_ip",
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
