internal import GRDB

extension StoreReader {
  /// Whether the file is sound: SQLite's own check of its pages, and every reference.
  /// - Returns: what is wrong, in SQLite's words; empty where nothing is.
  /// - Throws: `StoreError`, `corrupt` where the check itself could not go on.
  package func problems() throws -> [String] {
    try connection.read { db in
      let problems = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
      return try problems + StoreReader.brokenReferences(db)
    }
  }

  /// Rows that are named, of those of one table that refer to one other: damage may have cut thousands off.
  private static let namedReferences = 20

  private static func brokenReferences(_ db: Database) throws -> [String] {
    var problems: [String] = []
    var counts: [String: Int] = [:]
    let rows = try Row.fetchCursor(db, sql: "PRAGMA foreign_key_check")
    while let row = try rows.next() {
      let table: String = row["table"]
      let parent: String = row["parent"]
      let id: Int64? = row["rowid"]
      let count = counts["\(table) \(parent)", default: 0] + 1
      counts["\(table) \(parent)"] = count
      if count <= namedReferences {
        problems.append("\(table) \(id.map(String.init) ?? "?") refers to no row of \(parent)")
      }
    }
    for (pair, count) in counts.sorted(by: { $0.key < $1.key }) where count > namedReferences {
      let names = pair.split(separator: " ")
      problems.append("\(count - namedReferences) more rows of \(names[0]) refer to no row of \(names[1])")
    }
    return problems
  }
}

extension StoreReader {
  /// Claims that no write of meshweft's can leave behind: what a damaged or edited file may hold.
  package func brokenInvariants() throws -> [String] {
    let rules: [(sql: String, text: String)] = [
      (
        """
        SELECT count(*) FROM link l JOIN hop h ON h.id = l.carrier JOIN attribute_set a ON a.id = h.attributes
        WHERE a.role <> 3 AND NOT (\(StoreReader.isTunnel))
        """, "links name a carrier that is no proxy's hop"
      ),
      ("SELECT count(*) FROM link WHERE parent = hop", "hops are their own parents"),
      (
        """
        SELECT count(*) FROM (SELECT \(SlotCounts.slot(ofColumn: "id")), count(*) FROM hop GROUP BY 1
          EXCEPT SELECT stretch, hops FROM hop_count)
        """, "stretches of time have other hops than were counted"
      ),
      (
        "SELECT count(*) FROM link l JOIN link r ON r.hop = ifnull(l.trace, l.parent) WHERE ifnull(r.trace, r.parent) <> r.hop",
        "links name a trace whose first hop is in another trace"
      ),
      (
        """
        SELECT abs((SELECT ifnull(sum(entries), 0) FROM identifier_run)
          - (SELECT ifnull(sum((request_id IS NOT NULL) + (trace_id IS NOT NULL)), 0) FROM hop))
        """, "ids are in the index too few or too many times"
      ),
      (
        "SELECT count(*) FROM leg_rollup WHERE requests > attempts OR requests < 0",
        "rollups have impossible counts"
      ),
    ]
    var problems: [String] = []
    for rule in rules {
      try rows(rule.sql, [:]) { row in
        if let count = row.integer(0), count > 0 { problems.append("\(count) \(rule.text)") }
      }
    }
    return try problems + damagedIdentifierRuns()
  }

  /// Runs of the index of ids whose blocks do not hold as many entries as were written.
  private func damagedIdentifierRuns() throws -> [String] {
    var missing: [Int64: Int64] = [:]
    try rows("SELECT id, entries FROM identifier_run", [:]) { row in
      missing[row.integer(0) ?? 0] = row.integer(1) ?? 0
    }
    let keyBits = IdentifierEntry.keyBits
    try rows("SELECT id, entries FROM identifier_block", [:]) { row in
      let id = row.integer(0) ?? 0
      let block = IdentifierBlock(firstKey: id & (1 << keyBits - 1), bytes: row.bytes(1))
      missing[id >> keyBits, default: 0] -= Int64(block.entries(base: 0).count)
    }
    return missing.filter { $0.value != 0 }.keys.sorted().map { "run \($0) of the index of ids is damaged" }
  }

  /// What the rollups add up to: requests' attempts, those of them that a server answered, TCP connections.
  package func rollupTotals() throws -> [Int64] {
    try numbers(
      """
      SELECT sum(CASE WHEN failure_code > -2 THEN attempts END),
        sum(CASE WHEN failure_code > -2 AND server <> 0 THEN attempts END),
        sum(CASE WHEN failure_code <= -2 THEN attempts END)
      FROM leg_rollup r JOIN leg_group g ON g.id = r.leg_group
      """, columns: 3)
  }

  /// What `rollupTotals` should say, counted from hops and links.
  ///
  /// A server's hop is an attempt, and so is a caller's that nobody's answers. A ztunnel's connection counts only where no request
  /// on it was logged by others, which links do not always tell: there may be some of them.
  package func countedTotals() throws -> [ClosedRange<Int64>] {
    let counts = try numbers(
      """
      WITH answered AS MATERIALIZED (SELECT DISTINCT l.parent AS parent
          FROM link l JOIN hop s ON s.id = l.hop JOIN attribute_set b ON b.id = s.attributes
          WHERE b.role IN (2, 4) AND l.parent IS NOT NULL),
        kind AS MATERIALIZED (SELECT id, role, method IS NULL AND ifnull(response_code, 0) = 0 AS is_connection,
          \(StoreReader.isTunnel) AS is_tunnel FROM attribute_set a WHERE role IN (1, 2, 4)),
        attempt AS (SELECT role, is_connection, is_connection AND is_tunnel AS is_tunnel FROM hop h JOIN kind ON kind.id = h.attributes
          WHERE role = 2 OR h.id NOT IN (SELECT parent FROM answered))
      SELECT sum(NOT is_connection), sum(NOT is_connection AND role = 2), sum(is_connection AND NOT is_tunnel), sum(is_tunnel)
      FROM attempt
      """, columns: 4)
    return counts.prefix(2).map { $0...$0 } + [counts[2]...counts[2] + counts[3]]
  }

  /// Whether the attributes `a` are those of ztunnel's connections.
  fileprivate static let isTunnel =
    "a.access_log_type IS NOT NULL AND a.access_log_type = (SELECT id FROM text WHERE text = 'ztunnel')"

  private func numbers(_ sql: String, columns: Int) throws -> [Int64] {
    var numbers: [Int64] = []
    try rows(sql, [:]) { row in numbers = (0..<columns).map { row.integer($0) ?? 0 } }
    return numbers
  }
}
