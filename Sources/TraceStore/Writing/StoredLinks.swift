internal import Correlation

/// The links of a range of starts as they are in the store, to be compared with what they shall be: after a late
/// line most rows of a unit of time stay as they were, and reading is cheaper than writing.
struct StoredLinks {
  /// What has to be done to the rows of a range.
  struct Change {
    /// Hops whose row goes.
    var dropped: [Int64] = []
    /// Rows that are new, or not what they were and dropped first; by hop.
    var written: ArraySlice<HopOutcome> = []
    /// Hops whose trace begins elsewhere now, and where it began before.
    var moved: [(hop: Int64, before: Int64)] = []
  }

  private let range: ClosedRange<Int64>
  private let keys: KeyRange
  private let statements: LinkStatements

  init(_ range: ClosedRange<Int64>?, keys own: ClosedRange<Int64>? = nil, _ statements: LinkStatements) {
    self.range = range ?? Int64.min...Int64.max
    let keys = KeyRange(startingIn: range)
    self.keys = own.map { keys.clamped(to: $0) } ?? keys
    self.statements = statements
  }

  /// Whether no row can be in the range.
  func isEmpty() throws(SQLiteFailure) -> Bool {
    let any = statements.anyInRange
    any.bind(1, keys.possible.lowerBound)
    any.bind(2, keys.possible.upperBound)
    defer { any.reset() }
    return try !any.step()
  }

  /// What has to be written and deleted for `links`, by hop, to be what is stored.
  func change(to links: ArraySlice<HopOutcome>) throws(SQLiteFailure) -> Change {
    let extras = try extras()
    var change = Change()
    var next = links.startIndex
    bind(statements.selectRange)
    defer { statements.selectRange.reset() }
    while try statements.selectRange.step() {
      let row = LinkRow(statements.selectRange)
      while next < links.endIndex, links[next].hop < row.key {
        change.written.append(links[next])
        next += 1
      }
      if next < links.endIndex, links[next].hop == row.key {
        let isSame =
          LinkRow(links[next]) == row && StoredLinks.extras(of: links[next]) == extras[row.key]
        if !isSame {
          change.dropped.append(row.key)
          change.written.append(links[next])
        }
        let before = row.traceRoot
        if before != links[next].traceRoot { change.moved.append((row.key, before)) }
        next += 1
      } else {
        change.dropped.append(row.key)
      }
    }
    change.written += links[next...]
    return change
  }

  private typealias Extra = [Int64]

  /// Second and further carriers, confidence and evidence of each, in the order of carriers; then the runner-up and its
  /// margin. By hop.
  private func extras() throws(SQLiteFailure) -> [Int64: Extra] {
    var extras: [Int64: Extra] = [:]
    for (select, columns) in [(statements.selectExtras, 1...3), (statements.selectRunnersUp, 1...2)]
      as [(RawStatement, ClosedRange<Int32>)]
    {
      bind(select)
      defer { select.reset() }
      while try select.step() {
        extras[select.integer(0), default: []] += columns.map { select.integer($0) }
      }
    }
    return extras
  }

  private static func extras(of link: HopOutcome) -> Extra? {
    var extra = link.carriers.others.sorted { $0.target < $1.target }.flatMap {
      [$0.target, LinkClaims.tenThousandths($0.confidence), Int64($0.evidence.rawValue)]
    }
    if let other = link.runnerUp { extra += [other, link.margin.map(LinkClaims.tenThousandths) ?? -1] }
    return extra.isEmpty ? nil : extra
  }

  /// Keys, starts, and the keys whose hops surely start in the range.
  private func bind(_ statement: RawStatement) {
    statement.bind(1, keys.possible.lowerBound)
    statement.bind(2, keys.possible.upperBound)
    statement.bind(3, range.lowerBound)
    statement.bind(4, range.upperBound)
    statement.bind(5, keys.sure.lowerBound)
    statement.bind(6, keys.sure.upperBound)
  }
}
