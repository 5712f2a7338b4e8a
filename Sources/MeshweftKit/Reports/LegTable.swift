internal import AccessLog
internal import Correlation
internal import Queries
internal import TraceStore

/// The rollup's rows in a window of time, with their names: what `load`, `paths` and `imbalance` count.
struct LegTable {
  /// What the attempts of a row have in common.
  struct Group: Sendable {
    var service: String
    /// Address, or nil where the request was sent nowhere.
    var host: String?
    var client: Workload?
    var firstProxy: Workload?
    var proxy: Workload?
    var server: Workload?
    var carrierStatus = CarrierStatus.unknown
    var flags = ResponseFlags()
    /// 0 for no response; nil where it was no failure.
    var failureCode: Int64?
  }

  /// One pod, and where it belongs.
  struct Workload: Sendable, Hashable {
    var meshCluster: String
    /// Empty where the pod's name tells none.
    var workload: String
    var pod: String
  }

  /// A row; times in microseconds.
  struct Row {
    var group: Group
    var bucket: Int64
    var requests: Int64
    var attempts: Int64
    var busy: Int64
    var bytesSent: Int64
    var bytesReceived: Int64
    var firstStart: Int64
    var lastStart: Int64
    var connections: [UInt64]
    var confidenceSum: Int64 = 0
    var confidenceMin: Int64 = 10_000
    var clientTimes: [UInt8] = []
    var serverTimes: [UInt8] = []
    var borderTimes: [UInt8] = []

    var failures: Int64 { group.failureCode == nil ? 0 : attempts }
    var failedRequests: Int64 { group.failureCode == nil ? 0 : requests }
  }

  /// The window that was asked for, in whole minutes.
  struct Window {
    var since: Int64?
    var until: Int64?
    var notes: [String] = []
  }

  static let minute = RollupBuilder.bucketMicroseconds

  private let reader: StoreReader
  let groups: [Int64: Group]
  let window: Window

  /// `service` is `host:port`, `host`, its first labels, or nil for all; `window` is made longer, to whole minutes.
  /// - Throws: `UsageError`, `StoreError`
  init(_ reader: StoreReader, service: String?, window: TimeWindow) throws {
    self.reader = reader
    self.window = try LegTable.whole(window, reader)
    var groups: [Int64: Group] = [:]
    try reader.run(.legGroups, ["service": SQLValue(service)]) { row in
      groups[row.integer(0) ?? 0] = Group(row)
    }
    self.groups = groups
  }

  private static func whole(_ window: TimeWindow, _ reader: StoreReader) throws -> Window {
    let resolved = try window.resolved { try reader.newestStart() }
    var whole = Window(notes: resolved.notes)
    whole.since = resolved.since.map { $0 - ($0 % minute + minute) % minute }
    whole.until = resolved.until.map { until in
      let rest = (until % minute + minute) % minute
      return rest == 0 ? until : until + minute - rest
    }
    if whole.since != resolved.since || whole.until != resolved.until {
      let from = whole.since.map { " from " + Instant.text($0, digits: 0) } ?? ""
      let to = whole.until.map { " until " + Instant.text($0, digits: 0) } ?? ""
      whole.notes.append("counted in whole minutes:" + from + to)
    }
    return whole
  }

  private var parameters: [String: SQLValue] {
    ["since_us": SQLValue(window.since), "until_us": SQLValue(window.until)]
  }

  /// Hands out the rows by bucket; those of `times` have their histograms.
  func forEach(times: Bool, _ body: (Row) throws -> Void) throws {
    try reader.run(times ? .legs : .legCounts, parameters) { values in
      guard let group = groups[values.integer(0) ?? 0] else { return }
      try body(Row(values, group, times: times))
    }
  }

  /// Hands out the most requests in flight by bucket, service and name.
  func forEachPeak(
    _ series: LegPeak.Series, _ body: (_ bucket: Int64, _ service: String, _ name: String, Int64) -> Void
  ) throws {
    var parameters = parameters
    parameters["series"] = .integer(series.rawValue)
    try reader.run(.legPeaks, parameters) { row in
      body(row.integer(0) ?? 0, row.text(2) ?? "", row.text(3) ?? "", row.integer(5) ?? 0)
    }
  }
}

extension LegTable.Group {
  /// From a row of leg_groups.sql.
  init(_ row: SQLRow) {
    service = row.text(1) ?? ""
    host = row.text(2)
    client = LegTable.Workload(row, at: 3)
    firstProxy = LegTable.Workload(row, at: 6)
    proxy = LegTable.Workload(row, at: 9)
    server = LegTable.Workload(row, at: 12)
    carrierStatus = CarrierStatus(rawValue: UInt8(clamping: row.integer(15) ?? 0)) ?? .unknown
    flags = ResponseFlags(rawValue: UInt64(bitPattern: row.integer(16) ?? 0))
    failureCode = row.integer(17)
  }

  /// `UF` and `URX`, or the code where nothing is flagged; `-` for no response and no flag. Empty unless it failed.
  var failureNames: [String] {
    guard let failureCode else { return [] }
    let names = flags.shortNames
    if !names.isEmpty { return names }
    return [failureCode == 0 ? "no response" : String(failureCode)]
  }
}

extension LegTable.Workload {
  /// From three columns; nil where the first is NULL.
  init?(_ row: SQLRow, at column: Int) {
    guard let meshCluster = row.text(column) else { return nil }
    self.meshCluster = meshCluster
    workload = row.text(column + 1) ?? ""
    pod = row.text(column + 2) ?? ""
  }
}

extension LegTable.Row {
  /// From a row of legs.sql or leg_counts.sql.
  init(_ row: SQLRow, _ group: LegTable.Group, times: Bool) {
    self.group = group
    bucket = row.integer(1) ?? 0
    requests = row.integer(2) ?? 0
    attempts = row.integer(3) ?? 0
    busy = row.integer(4) ?? 0
    bytesSent = row.integer(5) ?? 0
    bytesReceived = row.integer(6) ?? 0
    firstStart = row.integer(7) ?? 0
    lastStart = row.integer(8) ?? 0
    connections = LegTable.Row.keys(row.bytes(9))
    guard times else { return }
    confidenceSum = row.integer(10) ?? 0
    confidenceMin = row.integer(11) ?? 10_000
    clientTimes = row.bytes(12)
    serverTimes = row.bytes(13)
    borderTimes = row.bytes(14)
  }

  private static func keys(_ bytes: [UInt8]) -> [UInt64] {
    (0..<bytes.count / 8).map { key in
      (0..<8).reduce(0) { $0 | UInt64(bytes[key * 8 + $1]) << UInt64($1 * 8) }
    }
  }
}
