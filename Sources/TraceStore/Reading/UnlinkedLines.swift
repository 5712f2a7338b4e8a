/// Lines that a reader's links know nothing of.
package struct UnlinkedLines: Sendable, Equatable {
  /// Why they were not linked before they were reported on.
  package enum Reason: Sendable, Equatable {
    case readOnly, busy, full
  }

  package var reason: Reason
  /// Requests that have no link yet, as far as they are of the time that waits; 0 where only connections' lines wait.
  package var waiting: Int64
  /// All lines of the store.
  package var total: Int64
  /// Whether there is not one link.
  package var hasNoLinks: Bool
}

extension StoreReader {
  /// What waits for correlation; nil where nothing does. Reads the hops of the time that waits.
  package func unlinkedLines(_ reason: UnlinkedLines.Reason) throws -> UnlinkedLines? {
    try snapshot {
      let ranges = try pendingWork().ranges.map(\.range)
      guard let first = ranges.map(\.lowerBound).min(), let last = ranges.map(\.upperBound).max() else {
        return nil
      }
      var lines = UnlinkedLines(reason: reason, waiting: 0, total: 0, hasNoLinks: true)
      let keys = HopKey.range(ofStarts: first...max(first, last))
      let waiting = """
        SELECT count(*) FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes
        WHERE h.id BETWEEN :first AND :last AND a.role <> 3 AND NOT EXISTS (SELECT 1 FROM link l WHERE l.hop = h.id)
        """
      try rows(waiting, ["first": .integer(keys.lowerBound), "last": .integer(keys.upperBound)]) { row in
        lines.waiting = row.integer(0) ?? 0
      }
      let all = "SELECT (SELECT ifnull(sum(hops), 0) FROM hop_count), EXISTS (SELECT 1 FROM link)"
      try rows(all, [:]) { row in
        lines.total = row.integer(0) ?? 0
        lines.hasNoLinks = row.integer(1) == 0
      }
      return lines
    }
  }
}
