internal import AccessLog
internal import GRDB

extension StoreWriter {
  /// Puts together what was told about sources since this was done last (`SourceClasses`), in a transaction of its own. Hops
  /// whose source is another one now, and those that addresses mean something else for, wait for correlation then.
  ///
  /// Before every correlation: it costs little where nothing was told.
  /// - Throws: `StoreError`; nothing has changed then.
  package func tellSourcesApart() throws(StoreError) {
    guard try connection.access({ db in try SourceMerger.hasWork(db) }) else { return }
    try begin()
    do {
      try connection.access { db in try SourceMerger.run(db) }
    } catch {
      try? rollback()
      throw error
    }
    try commit()
  }
}

/// One run of `tellSourcesApart`.
private struct SourceMerger {
  private let db: Database
  private var told: [ToldSource]
  /// The earliest start from which on hops are to be linked anew; nil for none. Microseconds since the epoch.
  private var dirtyFrom: Int64?

  static func hasWork(_ db: Database) throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM told_source WHERE is_settled = 0 OR is_doubtful = 1
          OR first_us IS NOT settled_first_us)
          OR EXISTS (SELECT 1 FROM kubernetes_object WHERE is_settled = 0)
        """) ?? false
  }

  static func run(_ db: Database) throws {
    try forgetEmpty(db)
    var merger = SourceMerger(db: db, told: try read(db))
    try merger.run()
  }

  private init(db: Database, told: [ToldSource]) {
    self.db = db
    self.told = told
  }

  /// Lines of logs that told little may all have been found to be others'.
  private static func forgetEmpty(_ db: Database) throws {
    guard
      try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM told_source WHERE is_doubtful = 1)") ?? false
    else { return }
    try db.execute(
      sql: """
        UPDATE told_source SET first_us = NULL WHERE is_doubtful = 1 AND id NOT IN (
          SELECT a.told FROM attribute_set a
          WHERE a.told IN (SELECT id FROM told_source WHERE is_doubtful = 1)
            AND a.id IN (SELECT attributes FROM hop));
        UPDATE told_source SET is_doubtful = 0 WHERE is_doubtful = 1;
        """)
  }

  private static func read(_ db: Database) throws -> [ToldSource] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT id, name, mesh_cluster, namespace, pod, container, address, source, first_us, settled_first_us, is_settled
        FROM told_source ORDER BY pod, mesh_cluster, namespace, container, name, address
        """
    ).map { row in
      ToldSource(
        id: row[0], name: row[1],
        origin: Origin(meshCluster: row[2], namespace: row[3], pod: row[4], container: row[5]),
        address: row[6], source: row[7], first: row[8], settledFirst: row[9], isSettled: row[10] == 1)
    }
  }

  private mutating func run() throws {
    let before = AddressClaims(told.filter(\.isSettled), first: \.settledFirst)
    let classes = SourceClasses(told, try KnownPod.all(db)).classes
    try store(classes)
    let after = AddressClaims(told, first: \.first)
    if let first = after.firstDifference(from: before) { note(first) }
    try db.execute(
      sql: """
        UPDATE told_source SET is_settled = 1, settled_first_us = first_us;
        UPDATE kubernetes_object SET is_settled = 1 WHERE is_settled = 0;
        """)
    guard let dirtyFrom else { return }
    try db.execute(
      sql: """
        INSERT INTO pending (first_start_us, last_end_us)
          SELECT ?1, max(?1, max(id >> 20) * 1000 + 1000) FROM hop HAVING count(*) > 0
        """, arguments: [dirtyFrom])
  }

  private mutating func note(_ first: Int64) { dirtyFrom = min(dirtyFrom ?? first, first) }

  /// Gives each class a row of `source`, one that some of it has where there is one. Attribute sets without a hop that are of
  /// none name any: another process may have them at hand, and what it adds to them is told apart then.
  private mutating func store(_ classes: [SourceClass]) throws {
    var stored: [Int64: [String]] = [:]
    for row in try Row.fetchAll(
      db, sql: "SELECT id, name, mesh_cluster, namespace, pod, container, address, workload FROM source")
    {
      stored[row[0]] = (1...7).map { row[$0] as String }
    }
    var taken: Set<Int64> = []
    var next = (stored.keys.max() ?? 0) + 1
    var ids = [Int64](repeating: 0, count: told.count)
    for one in classes {
      let own = one.members.lazy.map { [told] in told[$0].source }
      let id = own.filter { $0 != 0 && !taken.contains($0) && stored[$0] != nil }.min() ?? next
      if id == next { next += 1 }
      taken.insert(id)
      try store(one, id, before: stored[id])
      for place in one.members { ids[place] = id }
    }
    for place in told.indices where ids[place] != told[place].source {
      if let first = told[place].first { note(first) }
      told[place].source = ids[place]
      try db.execute(
        sql: "UPDATE told_source SET source = ? WHERE id = ?", arguments: [ids[place], told[place].id])
    }
    for id in stored.keys where !taken.contains(id) {
      try db.execute(sql: "DELETE FROM source WHERE id = ?", arguments: [id])
    }
    try db.execute(
      sql: """
        UPDATE attribute_set SET source = t.source FROM told_source t
        WHERE t.id = attribute_set.told AND attribute_set.source <> t.source AND t.source <> 0;
        UPDATE attribute_set SET source = (SELECT min(id) FROM source)
        WHERE source NOT IN (SELECT id FROM source);
        """)
  }

  private mutating func store(_ one: SourceClass, _ id: Int64, before: [String]?) throws {
    let pod = one.origin.pod
    let workload = pod.isEmpty ? "" : one.workload.isEmpty ? WorkloadName.of(pod: pod) : one.workload
    let words = one.words + [workload]
    if words == before { return }
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO source (id, name, mesh_cluster, namespace, pod, container, address, workload)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """, arguments: StatementArguments([id] + words as [any DatabaseValueConvertible]))
    // Its file's name alone is nothing to correlation where a pod is known.
    let isSame = !pod.isEmpty && before?.dropFirst() == words.dropFirst()
    guard !isSame, before != nil else { return }
    for place in one.members {
      if let first = told[place].first { note(first) }
    }
  }
}
