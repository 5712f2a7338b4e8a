package import Correlation

extension StoreWriter {
  /// Replaces what is known about the hops that start in a range, or about all; in the caller's transaction, where one is
  /// open. Rows that say what they said before are not written.
  ///
  /// - Parameters:
  ///   - range: of starts, microseconds since the epoch; nil for all.
  ///   - keys: of those only the hops with these; nil for all.
  ///   - links: of hops that start in the range, in the order of their keys; others are an error of the caller's
  ///     and are not noticed.
  /// - Throws: `StoreError`; nothing has changed then.
  package func replaceLinks(
    startingIn range: ClosedRange<Int64>? = nil, keys: ClosedRange<Int64>? = nil,
    _ links: ArraySlice<HopOutcome>
  ) throws(StoreError) {
    let sorted = LinkRow.areInOrder(links) ? links : links.sorted { $0.hop < $1.hop }[...]
    assert(zip(sorted, sorted.dropFirst()).allSatisfy { $0.hop < $1.hop }, "one row for each hop")
    let statements = try linkStatements()
    try transaction { (_) throws(SQLiteFailure) in
      let stored = StoredLinks(range, keys: keys, statements)
      if try stored.isEmpty() {
        try statements.insert(sorted)
      } else {
        let change = try stored.change(to: sorted)
        for hop in change.dropped { try statements.delete(hop) }
        try statements.insert(change.written)
        for move in change.moved {
          try statements.followTrace(of: move.hop, from: move.before, outside: range)
        }
      }
    }
  }
}
