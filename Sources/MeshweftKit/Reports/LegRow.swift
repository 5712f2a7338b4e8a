internal import TraceStore

/// A row of the rollup, or of a span of it; times in microseconds. What is packed in it can be read inside
/// `LegTable.forEach` only.
struct LegRow {
  let group: LegTable.Group
  /// Start of the piece of time, or of the span.
  let bucket: Int64
  let requests: Int64
  let attempts: Int64
  let busy: Int64
  let bytesSent: Int64
  let bytesReceived: Int64
  let firstStart: Int64
  let lastStart: Int64
  private let isSpan: Bool
  private let values: SQLRow

  /// From a row of legs.sql or leg_counts.sql; or of leg_spans.sql or leg_span_counts.sql, whose columns are the same but for
  /// the tenth.
  init(_ row: SQLRow, _ group: LegTable.Group, isSpan: Bool) {
    self.group = group
    bucket = row.number(LegColumn.bucket)
    requests = row.number(LegColumn.requests)
    attempts = row.number(LegColumn.attempts)
    busy = row.number(LegColumn.busy)
    bytesSent = row.number(LegColumn.bytesSent)
    bytesReceived = row.number(LegColumn.bytesReceived)
    firstStart = row.number(LegColumn.firstStart)
    lastStart = row.number(LegColumn.lastStart)
    self.isSpan = isSpan
    values = row
  }

  var failures: Int64 { group.failureCode == nil ? 0 : attempts }
  var failedRequests: Int64 { group.failureCode == nil ? 0 : requests }

  /// Of a piece's row. A span's are not in its rows.
  var hasConnections: Bool { !isSpan && values.withBytes(LegColumn.packed) { !$0.isEmpty } }

  /// What a histogram is of.
  enum Times {
    case client, server, border

    fileprivate var column: Int {
      switch self {
      case .client: LegColumn.clientTimes
      case .server: LegColumn.serverTimes
      case .border: LegColumn.borderTimes
      }
    }
  }

  /// Adds a histogram's durations; only of rows with times.
  /// - Returns: whether there were any.
  @discardableResult
  func addTimes(_ times: Times, to sum: inout TimesSum) -> Bool {
    values.withBytes(times.column) { bytes in
      sum.add(encoded: bytes)
      return !bytes.isEmpty
    }
  }

  /// Of the requests' links, in ten-thousandths; only of rows with times.
  var confidenceSum: Int64 { values.number(LegColumn.confidenceSum) }
  var confidenceMin: Int64 { values.number(LegColumn.confidenceMin) }

  /// Hands out its minutes (starts, microseconds since the epoch) and their attempts; those without any may be left out.
  func forEachMinute(_ body: (_ start: Int64, _ attempts: Int64) -> Void) {
    guard isSpan else { return body(LegTable.minuteStart(bucket), attempts) }
    values.withBytes(LegColumn.packed) { bytes in MinuteCounts.forEach(bytes, from: bucket, body) }
  }
}

/// Connections, and the groups whose rows named them.
struct LegConnections {
  /// The groups of a row.
  final class Members {
    /// Ascending by `index`, and whether that was a row with attempts: a group may be there twice, with and without.
    private(set) var groups: [(group: LegTable.Group, hasAttempts: Bool)] = []
    /// Each group's `index` once.
    private(set) var indices: [Int] = []

    /// Of a piece's row.
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

  /// Groups of rows, made once: each group has a row in each piece, and each span has the same few hundred sets of groups.
  struct KnownMembers {
    /// By `Group.index`, without and with attempts.
    private let ofRows: [[Members]]
    private var ofSpans: [[UInt8]: Members] = [:]
    private static let most = 4096

    init(_ groups: [LegTable.Group]) {
      ofRows = groups.map { group in [false, true].map { Members(group, hasAttempts: $0) } }
    }

    func of(_ row: LegRow) -> Members { ofRows[row.group.index][row.attempts > 0 ? 1 : 0] }

    /// Of a row of connection_spans.sql.
    mutating func unpacked(_ packed: [UInt8], _ groups: [Int64: LegTable.Group]) -> Members {
      if let members = ofSpans[packed] { return members }
      if ofSpans.count == KnownMembers.most { ofSpans.removeAll() }
      let members = Members(packed, of: groups)
      ofSpans[packed] = members
      return members
    }
  }

  /// Start of the piece of time, or of the span, microseconds since the epoch.
  let bucket: Int64
  let members: Members
  /// How many there are, all different, where only that is known of a span's.
  let count: Int?
  private let column: Int
  private let values: SQLRow

  /// Of a piece's row.
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
