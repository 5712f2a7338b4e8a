internal import TraceStore

/// Connections, and the groups whose rows named them.
struct LegConnections {
  /// The groups of a row.
  final class Members {
    /// Ascending by `index`, and whether that was a row with attempts: a group may be there twice, with and without.
    private(set) var groups: [(group: LegTable.Group, hasAttempts: Bool)] = []
    /// Each group's `index` once.
    private(set) var indices: [Int] = []

    /// Of a unit's row.
    init(_ group: LegTable.Group, hasAttempts: Bool) { append(group, hasAttempts) }

    /// From a row of connection_spans.sql: those of its groups that were asked for.
    init(_ packed: [UInt8], of known: [Int64: LegTable.Group]) {
      var offset = 0
      while let number = LEB128.next(packed.span, &offset) {
        if let group = known[Int64(number >> 1)] { append(group, number & 1 == 1) }
      }
    }

    private func append(_ group: LegTable.Group, _ hasAttempts: Bool) {
      groups.append((group, hasAttempts))
      if indices.last != group.index { indices.append(group.index) }
    }
  }

  /// Groups of rows, made once each: each group has a row in each unit, and each span has the same few hundred sets of groups.
  struct KnownMembers {
    /// By `Group.index`, without and with attempts.
    private var ofRows: [Members?]
    private var ofSpans: [[UInt8]: Members] = [:]
    /// Sets in memory; of more all are forgotten, for a log can have as many as it has connections.
    private static let most = 4096

    init(_ groups: [LegTable.Group]) {
      ofRows = [Members?](repeating: nil, count: groups.count * 2)
    }

    mutating func of(_ row: LegRow) -> Members {
      let place = row.group.index * 2 + (row.attempts > 0 ? 1 : 0)
      if let members = ofRows[place] { return members }
      let members = Members(row.group, hasAttempts: row.attempts > 0)
      ofRows[place] = members
      return members
    }

    /// Of a row of connection_spans.sql.
    mutating func unpacked(_ packed: [UInt8], _ groups: [Int64: LegTable.Group]) -> Members {
      if let members = ofSpans[packed] { return members }
      if ofSpans.count == KnownMembers.most { ofSpans.removeAll() }
      let members = Members(packed, of: groups)
      ofSpans[packed] = members
      return members
    }
  }

  /// Start of the unit of time, or of the span, microseconds since the epoch.
  let bucket: Int64
  let members: Members
  /// How many there are, all different, where only that is known of a span's.
  let count: Int?
  private let column: Int
  private let values: SQLRow

  /// Of a unit's row.
  init(_ row: LegRow, _ members: Members, _ values: SQLRow) {
    bucket = row.bucket
    self.members = members
    count = nil
    column = LegColumn.packed
    self.values = values
  }

  /// From a row of connection_spans.sql, or of connection_span_counts.sql.
  init(_ row: SQLRow, _ members: Members, onlyCount: Bool) {
    bucket = row.number(0)
    self.members = members
    column = 2
    count = onlyCount ? Int(row.number(column)) : nil
    values = row
  }

  func add(to keys: inout ConnectionKeys) {
    values.forEachKey(column) { keys.append($0) }
    keys.settleIfDoubled()
  }
}
