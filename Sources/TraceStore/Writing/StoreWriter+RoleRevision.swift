internal import AccessLog

extension StoreWriter {
  /// Brings the roles of lines that do not say theirs up to date with what is known of their logs by now, and notes the
  /// time of lines whose role becomes another one as not yet correlated. Does nothing where no kind of line is new.
  /// - Throws: `StoreError`; nothing has changed then.
  package func reviseRoles() throws(StoreError) {
    let revision = try RoleRevision(connection)
    guard try connection.access({ (_) throws(SQLiteFailure) in try revision.isDue() }) else { return }
    try transaction { (statements) throws(SQLiteFailure) in try revision.run(statements) }
  }
}

/// The statements of `StoreWriter.reviseRoles`.
private struct RoleRevision {
  private let state, sources, sets, update, setState, waiting, hops: RawStatement

  init(_ connection: StoreConnection) throws(StoreError) {
    state = try connection.statement(
      "SELECT (SELECT last_set FROM role_revision), (SELECT ifnull(max(id), 0) FROM attribute_set)")
    sources = try connection.statement(
      "SELECT id, pod <> '', CASE workload WHEN '' THEN name ELSE workload END FROM source")
    sets = try connection.statement(RevisedSet.select)
    update = try connection.statement("UPDATE attribute_set SET role = ?2 WHERE id = ?1")
    setState = try connection.statement("UPDATE role_revision SET last_set = ?1")
    waiting = try connection.statement("SELECT min(first_start_us), max(last_end_us) FROM pending")
    hops = try connection.statement(
      "SELECT id, attributes, start_offset_us, ifnull(duration_us, 0) FROM hop WHERE id BETWEEN ?1 AND ?2")
  }

  /// Whether there are sets that were not there the last time.
  func isDue() throws(SQLiteFailure) -> Bool {
    let (last, newest) = try lastSets()
    return newest > last
  }

  private func lastSets() throws(SQLiteFailure) -> (known: Int64, newest: Int64) {
    defer { state.reset() }
    _ = try state.step()
    return (state.integer(0), state.integer(1))
  }

  func run(_ statements: WriterStatements) throws(SQLiteFailure) {
    let (known, newest) = try lastSets()
    let facts = try facts()
    var changed: Set<Int64> = []
    try forEachSet { (set) throws(SQLiteFailure) in
      guard let role = facts[set.source]?.role(set), Int64(role.rawValue) != set.role else { return }
      update.bind(1, set.id)
      update.bind(2, Int64(role.rawValue))
      try update.run()
      changed.insert(set.id)
    }
    if !changed.isEmpty {
      try note(changed, onlyWaiting: changed.allSatisfy { $0 > known }, statements)
    }
    setState.bind(1, newest)
    try setState.run()
  }

  private func facts() throws(SQLiteFailure) -> [Int64: SourceRoles.Facts] {
    var facts: [Int64: SourceRoles.Facts] = [:]
    defer { sources.reset() }
    while try sources.step() {
      var own = SourceRoles.Facts()
      own.isPod = sources.integer(1) != 0
      own.kind = WorkloadKind(workload: sources.text(2))
      facts[sources.integer(0)] = own
    }
    try forEachSet { (set) throws(SQLiteFailure) in facts[set.source]?.add(set) }
    return facts
  }

  private func forEachSet(_ body: (RevisedSet) throws(SQLiteFailure) -> Void) throws(SQLiteFailure) {
    defer { sets.reset() }
    while try sets.step() { try body(RevisedSet(sets)) }
  }

  /// Notes the time of hops of some sets. Those of sets that are new wait already (but units of time may have been
  /// correlated with what they were taken for): only their time is looked at.
  private func note(
    _ changed: Set<Int64>, onlyWaiting: Bool, _ statements: WriterStatements
  ) throws(SQLiteFailure) {
    var keys: ClosedRange<Int64> = .min ... .max
    if onlyWaiting {
      defer { waiting.reset() }
      guard try waiting.step(), !waiting.isNull(0) else { return }
      keys = HopKey.range(ofStarts: waiting.integer(0)...max(waiting.integer(0), waiting.integer(1)))
    }
    var dirty = DirtyRanges()
    hops.bind(1, keys.lowerBound)
    hops.bind(2, keys.upperBound)
    defer { hops.reset() }
    while try hops.step() {
      guard changed.contains(hops.integer(1)) else { continue }
      let start = (hops.integer(0) >> HopKey.hashBits) &* 1000 &+ hops.integer(2)
      dirty.add(start: start, end: start + min(max(0, hops.integer(3)), 1 << 60), key: hops.integer(0))
    }
    for range in dirty.ranges {
      statements.insertPending.bind(1, range.first)
      statements.insertPending.bind(2, range.last)
      statements.insertPending.bind(3, 0)
      statements.insertPending.bind(4, range.hop)
      try statements.insertPending.run()
    }
  }
}
