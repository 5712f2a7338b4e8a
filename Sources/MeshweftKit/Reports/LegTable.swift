internal import AccessLog
internal import Correlation
internal import Queries
internal import TraceStore

/// The rollup's rows in a window of time, with their names: what `load`, `paths` and `imbalance` count.
struct LegTable {
  /// What the attempts of a row have in common. One object per group, so that rows are cheap to hand around.
  final class Group: Sendable {
    /// Its place among the groups that were asked for, from 0.
    let index: Int
    let service: String
    /// Address, or nil where the request was sent nowhere.
    let host: String?
    let client: Workload?
    let firstProxy: Workload?
    let proxy: Workload?
    let server: Workload?
    let carrierStatus: CarrierStatus
    let flags: ResponseFlags
    /// 0 for no response; nil where it was no failure.
    let failureCode: Int64?

    init(
      index: Int = 0, service: String, host: String? = nil, client: Workload? = nil,
      firstProxy: Workload? = nil, proxy: Workload? = nil, server: Workload? = nil,
      carrierStatus: CarrierStatus = .unknown, flags: ResponseFlags = ResponseFlags(),
      failureCode: Int64? = nil
    ) {
      self.index = index
      self.service = service
      self.host = host
      self.client = client
      self.firstProxy = firstProxy
      self.proxy = proxy
      self.server = server
      self.carrierStatus = carrierStatus
      self.flags = flags
      self.failureCode = failureCode
    }
  }

  /// One pod, and where it belongs.
  struct Workload: Sendable, Hashable {
    var meshCluster: String
    /// Empty where the pod's name tells none.
    var workload: String
    var pod: String
  }

  /// A row; times in microseconds. What is packed in it can be read inside `forEach` only.
  struct Row {
    let group: Group
    let bucket: Int64
    let requests: Int64
    let attempts: Int64
    let busy: Int64
    let bytesSent: Int64
    let bytesReceived: Int64
    let firstStart: Int64
    let lastStart: Int64
    private let values: SQLRow

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
  /// By id.
  let groups: [Int64: Group]
  /// By `Group.index`.
  let groupList: [Group]
  let window: Window

  /// `service` is `host:port`, `host`, its first labels, or nil for all; `window` is made longer, to whole minutes.
  /// - Throws: `UsageError`, `StoreError`
  init(_ reader: StoreReader, service: String?, window: TimeWindow) throws {
    try self.init(reader, service: service, window: try LegTable.whole(window, reader))
  }

  /// The same, of a window that is known already.
  /// - Throws: `StoreError`
  init(_ reader: StoreReader, service: String?, window: Window) throws {
    self.reader = reader
    self.window = window
    var groups: [Int64: Group] = [:]
    var list: [Group] = []
    try reader.run(.legGroups, ["service": SQLValue(service)]) { row in
      let group = Group(row, index: list.count)
      groups[row.number(0)] = group
      list.append(group)
    }
    self.groups = groups
    groupList = list
  }

  private static func whole(_ window: TimeWindow, _ reader: StoreReader) throws -> Window {
    let resolved = try window.resolved { try reader.newestStart() }
    var whole = Window(notes: resolved.notes)
    whole.since = resolved.since.map(minuteStart)
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
      guard let group = groups[values.number(0)] else { return }
      try body(Row(values, group))
    }
  }

  /// The minutes that have anything of these groups in them, ascending; starts, microseconds since the epoch.
  func minutes() throws -> [Int64] {
    var minutes: [Int64] = []
    try reader.run(.legMinutes, parameters) { row in
      let minute = LegTable.minuteStart(row.number(1))
      if minute != minutes.last, groups[row.number(0)] != nil { minutes.append(minute) }
    }
    return minutes
  }

  /// The start of the minute that a time lies in; microseconds since the epoch.
  static func minuteStart(_ time: Int64) -> Int64 { time - (time % minute + minute) % minute }

  /// Hands out the start, the group and the foremost attempts, most first, of every bucket and group. Throws what
  /// `body` throws, and `StoreError`.
  func forEachTop(
    _ rank: TopAttempts.Rank, _ body: (_ bucket: Int64, Group, [TopAttempts.Entry]) throws -> Void
  ) throws {
    try reader.run(.legSlowest, parameters) { row in
      guard let group = groups[row.number(0)] else { return }
      let entries = row.withBytes(rank == .slowest ? 2 : 3) { TopAttempts.entries($0) }
      if !entries.isEmpty { try body(row.number(1), group, entries) }
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
  convenience init(_ row: SQLRow, index: Int) {
    self.init(
      index: index, service: row.text(1) ?? "", host: row.text(2), client: LegTable.Workload(row, at: 3),
      firstProxy: LegTable.Workload(row, at: 6), proxy: LegTable.Workload(row, at: 9),
      server: LegTable.Workload(row, at: 12),
      carrierStatus: CarrierStatus(rawValue: UInt8(clamping: row.number(15))) ?? .unknown,
      flags: ResponseFlags(rawValue: UInt64(bitPattern: row.number(16))), failureCode: row.integer(17))
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
  fileprivate init(_ row: SQLRow, _ group: LegTable.Group) {
    self.group = group
    bucket = row.number(1)
    requests = row.number(2)
    attempts = row.number(3)
    busy = row.number(4)
    bytesSent = row.number(5)
    bytesReceived = row.number(6)
    firstStart = row.number(7)
    lastStart = row.number(8)
    values = row
  }

  /// Whether any connection is in it.
  var hasConnections: Bool { values.withBytes(9) { !$0.isEmpty } }

  func addConnections(to keys: inout KeySet) {
    values.withBytes(9) { bytes in
      var place = 0
      while place + 8 <= bytes.count {
        var key: UInt64 = 0
        for byte in 0..<8 { key |= UInt64(bytes[place + byte]) << UInt64(byte * 8) }
        keys.insert(key)
        place += 8
      }
    }
  }

  /// What a histogram is of.
  enum Times: Int { case client = 12, server = 13, border = 14 }

  /// Adds a histogram's durations; only of rows with times.
  /// - Returns: whether there were any.
  @discardableResult
  func addTimes(_ times: Times, to sum: inout TimesSum) -> Bool {
    values.withBytes(times.rawValue) { bytes in
      sum.add(encoded: bytes)
      return !bytes.isEmpty
    }
  }

  /// Of the requests' links, in ten-thousandths; only of rows with times.
  var confidenceSum: Int64 { values.number(10) }
  var confidenceMin: Int64 { values.number(11) }
}
