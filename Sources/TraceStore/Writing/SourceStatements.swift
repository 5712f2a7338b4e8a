internal import AccessLog

/// What is told about sources, in and out of the store.
struct SourceStatements {
  let findTold, findAlike, insertTold, findSource, insertSource, lowerFirst, place, doubt,
    toldOfSet: RawStatement

  init(_ connection: StoreConnection) throws(StoreError) {
    findTold = try connection.statement(
      """
      SELECT id, source FROM told_source
      WHERE pod = ? AND address = ? AND name = ? AND mesh_cluster = ? AND namespace = ? AND container = ?
      """)
    findAlike = try connection.statement(
      """
      SELECT source FROM told_source
      WHERE pod = ? AND mesh_cluster = ? AND namespace = ? AND container = ? AND source <> 0 LIMIT 1
      """)
    insertTold = try connection.statement(
      """
      INSERT INTO told_source (pod, address, name, mesh_cluster, namespace, container, source, is_settled, is_doubtful)
      VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)
      """)
    findSource = try connection.statement(
      """
      SELECT id FROM source WHERE name = ? AND mesh_cluster = ? AND namespace = ? AND pod = ? AND container = ?
      """)
    insertSource = try connection.statement(
      """
      INSERT INTO source (name, mesh_cluster, namespace, pod, container, address, workload)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """)
    lowerFirst = try connection.statement(
      "UPDATE told_source SET first_us = min(ifnull(first_us, ?2), ?2) WHERE id = ?1")
    place = try connection.statement("UPDATE told_source SET source = ?2, is_settled = 0 WHERE id = ?1")
    doubt = try connection.statement("UPDATE told_source SET is_doubtful = 1 WHERE id = ?1")
    toldOfSet = try connection.statement(
      """
      SELECT t.id, t.name, t.mesh_cluster, t.namespace, t.pod, t.container, t.address
      FROM attribute_set a JOIN told_source t ON t.id = a.told WHERE a.id = ?
      """)
  }

  /// What is told, with a source that it is taken for until all is known that there is (`SourceClasses`).
  func id(of told: SourceIdentity, address: String) throws(SQLiteFailure) -> Int64 {
    let words = [told.pod, address, told.name, told.meshCluster, told.namespace, told.container]
    for (index, word) in words.enumerated() { findTold.bindText(Int32(index) + 1, word) }
    let known = try findTold.step() ? (findTold.integer(0), findTold.integer(1)) : nil
    findTold.reset()
    if let known, known.1 != 0 { return known.0 }
    let source = try source(of: told, address: address)
    if let known {
      place.bind(1, known.0)
      place.bind(2, source)
      try place.run()
      return known.0
    }
    for (index, word) in words.enumerated() { insertTold.bindText(Int32(index) + 1, word) }
    insertTold.bind(Int32(words.count) + 1, source)
    return try insertTold.insertedID()
  }

  private func source(of told: SourceIdentity, address: String) throws(SQLiteFailure) -> Int64 {
    let isNamed = !told.pod.isEmpty
    if isNamed {
      for (index, word) in [told.pod, told.meshCluster, told.namespace, told.container].enumerated() {
        findAlike.bindText(Int32(index) + 1, word)
      }
      defer { findAlike.reset() }
      if try findAlike.step() { return findAlike.integer(0) }
    }
    let isStream = !isNamed && told.name == ToldSource.stream
    let name = isStream && !address.isEmpty ? address : told.name
    let words = [name, told.meshCluster, told.namespace, told.pod, told.container]
    for (index, word) in words.enumerated() { findSource.bindText(Int32(index) + 1, word) }
    defer { findSource.reset() }
    if try findSource.step() { return findSource.integer(0) }
    for (index, word) in (words + ["", told.workload]).enumerated() {
      insertSource.bindText(Int32(index) + 1, word)
    }
    return try insertSource.insertedID()
  }
}

/// What becomes of a line that is there already and comes again under other words: whether it is the same, and whose it is
/// then.
final class RepeatedNames {
  enum Verdict {
    /// From whom it was, as far as that is told.
    case same
    /// What is told now says less, or nothing else.
    case worse
    /// What is told now says more.
    case better
    /// Equal lines of two that cannot be one.
    case other
  }

  private struct Pair: Hashable {
    var stored: Int64
    var new: Int64
  }

  private var verdicts: [Pair: Verdict] = [:]
  /// Whose lines were found to be another one's.
  private var doubted: Set<Int64> = []
  /// Verdicts that are kept.
  private static let most = 1 << 16

  /// `stored`, `new`: attribute sets.
  func verdict(
    stored: Int64, new: Int64, _ statements: SourceStatements
  ) throws(SQLiteFailure) -> Verdict {
    let pair = Pair(stored: stored, new: new)
    if let known = verdicts[pair] { return known }
    let found = try compare(pair, statements)
    if verdicts.count >= RepeatedNames.most { verdicts.removeAll() }
    verdicts[pair] = found
    return found
  }

  private func compare(_ pair: Pair, _ statements: SourceStatements) throws(SQLiteFailure) -> Verdict {
    guard let stored = try told(pair.stored, statements), let new = try told(pair.new, statements),
      stored.id != new.id
    else { return .same }
    if new.contradicts(stored) { return .other }
    guard new.tells(moreThan: stored) else { return .worse }
    if doubted.insert(stored.id).inserted {
      statements.doubt.bind(1, stored.id)
      try statements.doubt.run()
    }
    return .better
  }

  private func told(_ set: Int64, _ statements: SourceStatements) throws(SQLiteFailure) -> ToldSource? {
    statements.toldOfSet.bind(1, set)
    defer { statements.toldOfSet.reset() }
    return try statements.toldOfSet.step() ? ToldSource(statements.toldOfSet) : nil
  }

  /// After a rollback nothing is known to be noted.
  func forget() {
    verdicts.removeAll()
    doubted.removeAll()
  }
}

extension ToldSource {
  /// From `toldOfSet`.
  fileprivate init(_ row: RawStatement) {
    self.init(
      id: row.integer(0), name: row.text(1), meshCluster: row.text(2), namespace: row.text(3),
      pod: row.text(4), container: row.text(5), address: row.text(6))
  }
}
