internal import AccessLog
internal import Correlation
internal import Queries
internal import TraceStore

/// Load by the second, for logs of some minutes: the rollup knows minutes, so the attempts are counted from the hops
/// and their stored links once more, by the same rules.
enum PageSeconds {
  /// Microseconds.
  static let second: Int64 = 1_000_000

  /// - Returns: nil where minutes do, or where there is too much to count.
  /// - Throws: `StoreError`
  static func series(_ reader: StoreReader, _ table: LegTable, _ cube: PageCube) throws -> PageCube.Series? {
    guard let first = cube.firstStart, let last = cube.lastStart else { return nil }
    let minutes = cube.series.values.reduce(into: Set<Int64>()) { $0.formUnion($1.keys) }
    guard minutes.count <= PageLimits.minutesBySecond else { return nil }
    let range = (first - CorrelationUnits.margin)...(last + CorrelationUnits.margin)
    let outcomes = try outcomes(reader, range)
    guard outcomes.count <= PageLimits.hopsBySecond else { return nil }
    let loaded = try reader.loadHops(startingIn: range)
    let groups = try groups(reader, table)
    var series: PageCube.Series = [:]
    Attempts(loaded.hops, outcomes, loaded.connections).forEach { fact in
      guard fact.attempts > 0, (first...last).contains(fact.start),
        let group = groups[loaded.group(of: fact)]
      else { return }
      let cell = PageCube.Cell(group)
      guard cube.series[cell] != nil else { return }
      let counts = PageCube.Counts(
        attempts: fact.attempts, failures: group.failureCode == nil ? 0 : fact.attempts, busy: fact.busy)
      let start = fact.start - (fact.start % second + second) % second
      series[cell, default: [:]][start, default: .init()].add(counts)
    }
    return series
  }

  /// By hop; one more than the limit where there are more.
  private static func outcomes(_ reader: StoreReader, _ range: ClosedRange<Int64>) throws -> [HopOutcome] {
    let parameters: [String: SQLValue] = [
      "first": .integer(max(0, range.lowerBound / 1000) << HopKeyBits.hash),
      "last": .integer((max(0, range.upperBound / 1000) + HopKeyBits.slack) << HopKeyBits.hash),
      "limit": .integer(Int64(PageLimits.hopsBySecond) + 1),
    ]
    var outcomes: [HopOutcome] = []
    try reader.run(.linksBetween, parameters) { row in
      var columns = RowCursor(row)
      let hop = columns.number("hop")
      func link(_ kind: Link.Kind, _ target: Int64?) -> Link? {
        target.map { Link(kind: kind, hop: hop, target: $0, confidence: 1, evidence: []) }
      }
      var outcome = HopOutcome(hop: hop)
      outcome.parent = link(.parent, columns.integer("parent"))
      if let carrier = link(.via, columns.integer("carrier")) { outcome.carriers.append(carrier) }
      let status = columns.integer("carrier_status") ?? 0
      outcome.carrierStatus = CarrierStatus(rawValue: UInt8(clamping: status)) ?? .unknown
      if let other = link(.via, columns.integer("other_carrier")) { outcome.carriers.append(other) }
      outcomes.append(outcome)
    }
    return outcomes
  }

  /// The milliseconds that a key begins with, and how far a collision may have moved them.
  private enum HopKeyBits {
    static let hash: Int64 = 20
    static let slack: Int64 = 64
  }

  private static func groups(_ reader: StoreReader, _ table: LegTable) throws -> [LegGroup: LegTable.Group] {
    var groups: [LegGroup: LegTable.Group] = [:]
    try reader.run(.legGroupKeys) { row in
      var columns = RowCursor(row)
      guard let group = table.groups[columns.number("id")] else { return }
      var key = LegGroup()
      key.serviceHost = columns.number("service_host")
      key.servicePort = columns.number("service_port")
      key.host = columns.number("host")
      key.client = columns.number("client")
      let first = columns.number("first_proxy")
      key.firstProxy = max(0, first)
      if first < 0 { key.chain = table.chains[-first] ?? [] }
      key.proxy = columns.number("proxy")
      key.server = columns.number("server")
      key.carrierStatus = columns.number("carrier_status")
      key.responseFlags = columns.number("response_flags")
      key.failureCode = columns.number("failure_code")
      groups[key] = group
    }
    return groups
  }
}
