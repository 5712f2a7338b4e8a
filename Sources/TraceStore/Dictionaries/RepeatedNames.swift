internal import AccessLog

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
      id: row.integer(0), name: row.text(1),
      origin: Origin(
        meshCluster: row.text(2), namespace: row.text(3), pod: row.text(4), container: row.text(5)),
      address: row.text(6))
  }
}
