internal import Correlation

/// A trace's hops may lie in several pieces of time, which are written one by one: each row names the first hop of all.
extension StoreWriter {
  /// The first hop of the trace that a hop is in, as far as links were written; in this transaction, too.
  package func traceRoot(ofHop hop: Int64) throws(StoreError) -> Int64 {
    let statements = try linkStatements()
    return try connection.access { _ in try statements.traceRoot(ofHop: hop) }
  }

  /// Lets a hop's trace, and those of the hops that follow from it, begin where that of another hop does.
  /// - Returns: whether it began elsewhere before.
  package func setTrace(ofHop hop: Int64, toThatOf other: Int64) throws(StoreError) -> Bool {
    let statements = try linkStatements()
    return try transaction { (_) throws(SQLiteFailure) in
      let root = try statements.traceRoot(ofHop: other)
      let before = try statements.traceRoot(ofHop: hop)
      if before == root { return false }
      try statements.setTrace(ofHop: hop, to: root)
      try statements.followTrace(of: hop, from: before, outside: nil)
      return true
    }
  }
}

extension LinkStatements {
  func traceRoot(ofHop hop: Int64) throws(SQLiteFailure) -> Int64 {
    findRoot.bind(1, hop)
    defer { findRoot.reset() }
    return try findRoot.step() && !findRoot.isNull(0) ? findRoot.integer(0) : hop
  }

  func setTrace(ofHop hop: Int64, to root: Int64) throws(SQLiteFailure) {
    updateRoot.bind(1, hop)
    updateRoot.bind(2, root == hop ? nil : root)
    try updateRoot.run()
  }

  /// A hop's trace begins elsewhere now; so do those of the hops that follow from it.
  /// `range`: of starts, whose rows are right already; nil for none.
  func followTrace(of hop: Int64, from before: Int64, outside range: ClosedRange<Int64>?)
    throws(SQLiteFailure)
  {
    let done = range.map { KeyRange(startingIn: $0).sure }
    var members: [Int64] = []
    findMembers.bind(1, before)
    while try findMembers.step() {
      let member = findMembers.integer(0)
      if !(done?.contains(member) ?? false) { members.append(member) }
    }
    findMembers.reset()
    if members.isEmpty { return }
    let root = try traceRoot(ofHop: hop)
    for member in members where try descends(member, from: hop) { try setTrace(ofHop: member, to: root) }
  }

  /// Whether the parents of a hop lead to another one.
  private func descends(_ hop: Int64, from other: Int64) throws(SQLiteFailure) -> Bool {
    var current = hop
    for _ in 0..<LinkStatements.deepest {
      findParent.bind(1, current)
      let found = try findParent.step() && !findParent.isNull(0)
      let parent = found ? findParent.integer(0) : 0
      findParent.reset()
      if !found { return false }
      if parent == other { return true }
      current = parent
    }
    return false
  }

  /// Calls in a row that are followed; no mesh has so many.
  private static let deepest = 1000
}
