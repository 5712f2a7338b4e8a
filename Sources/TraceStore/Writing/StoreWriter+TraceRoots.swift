/// A trace's hops may lie in several units of time, which are written one by one: each row names the first hop of all.
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
    return try findRoot.step() ? findRoot.integer(0) : hop
  }

  func setTrace(ofHop hop: Int64, to root: Int64) throws(SQLiteFailure) {
    updateRoot.bind(1, hop)
    updateRoot.bind(2, root)
    try updateRoot.run()
  }

  /// A hop's trace begins elsewhere now; so do those of the hops that follow from it.
  /// `range`: of starts, whose rows are right already; nil for none.
  func followTrace(of hop: Int64, from before: Int64, outside range: ClosedRange<Int64>?)
    throws(SQLiteFailure)
  {
    let members = try members(ofTrace: before, outside: range.map { KeyRange(startingIn: $0).sure })
    if members.isEmpty { return }
    let root = try traceRoot(ofHop: hop)
    for member in members where try descends(member, from: hop) { try setTrace(ofHop: member, to: root) }
  }

  /// The hops of a trace but its first, as far as their rows name it; those with keys in `done` are left out.
  private func members(ofTrace root: Int64, outside done: ClosedRange<Int64>?) throws(SQLiteFailure)
    -> [Int64]
  {
    var members: [Int64] = []
    let near = root...root + min(Schema.nearKeys, Int64.max - root)
    for part in near.parts(outside: done) {
      findNear.bind(1, root)
      findNear.bind(2, part.lowerBound)
      findNear.bind(3, part.upperBound)
      while try findNear.step() { members.append(findNear.integer(0)) }
      findNear.reset()
    }
    findFar.bind(1, root)
    while try findFar.step() {
      let member = findFar.integer(0)
      if !(done?.contains(member) ?? false) { members.append(member) }
    }
    findFar.reset()
    members.removeAll { $0 == root }
    return members
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

extension ClosedRange<Int64> {
  /// What is left of it without another range: before that and behind it.
  fileprivate func parts(outside other: ClosedRange<Int64>?) -> [ClosedRange<Int64>] {
    guard let other, overlaps(other) else { return [self] }
    var parts: [ClosedRange<Int64>] = []
    if lowerBound < other.lowerBound { parts.append(lowerBound...other.lowerBound - 1) }
    if upperBound > other.upperBound { parts.append(other.upperBound + 1...upperBound) }
    return parts
  }
}
