internal import AccessLog
internal import Correlation
internal import Queries
internal import TraceStore

/// The rollup's rows in a window of time, with their names: what `load`, `paths` and `imbalance` count. `RollupPlan` says
/// which of them are read added up already.
struct LegTable {
  /// What the attempts of a row have in common. One object per group, so that rows are cheap to hand around.
  final class Group: Sendable {
    /// Its place among the groups that were asked for, from 0.
    let index: Int
    let service: String
    /// Address, or nil where the request was sent nowhere.
    let host: String?
    /// Tells it from other hosts of one address; nil with `host`.
    let hostKey: String?
    /// Who has the address, where that is known.
    let hostPod: HostKeys.Host?
    /// Of that, `source.id`; 0 where it is not known.
    let hostSource: Int64
    let client: Workload?
    /// The proxies that it passed before `proxy`, from the client on.
    let earlierProxies: [Workload]
    let proxy: Workload?
    let server: Workload?
    let carrierStatus: CarrierStatus
    let flags: ResponseFlags
    /// 0 for no response; nil where it was no failure.
    let failureCode: Int64?
    /// TCP connections, no requests: attempts count them.
    let isTCP: Bool

    init(
      index: Int = 0, service: String, host: String? = nil, hostKey: String? = nil,
      hostPod: HostKeys.Host? = nil, hostSource: Int64 = 0, client: Workload? = nil,
      earlierProxies: [Workload] = [], proxy: Workload? = nil, server: Workload? = nil,
      carrierStatus: CarrierStatus = .unknown, flags: ResponseFlags = ResponseFlags(),
      failureCode: Int64? = nil, isTCP: Bool = false
    ) {
      self.index = index
      self.service = service
      self.host = host
      self.hostKey = hostKey ?? host
      self.hostPod = hostPod
      self.hostSource = hostSource
      self.client = client
      self.earlierProxies = earlierProxies
      self.proxy = proxy
      self.server = server
      self.carrierStatus = carrierStatus
      self.flags = flags
      self.failureCode = failureCode
      self.isTCP = isTCP
    }
  }

  /// One pod, and where it belongs.
  struct Workload: Sendable, Hashable {
    var meshCluster: String
    /// Empty where the pod's name tells none.
    var workload: String
    var pod: String
  }

  /// The window that was asked for, in whole minutes.
  struct Window {
    var since: Int64?
    var until: Int64?
    var notes: [String] = []
  }

  static let minute = RollupBuilder.bucketMicroseconds

  private let reader: StoreReader
  private let service: String?
  /// By id.
  let groups: [Int64: Group]
  /// By `Group.index`.
  let groupList: [Group]
  let window: Window
  /// `source.id`s of chains of proxies, by the chain's id.
  let chains: [Int64: [Int64]]

  /// `service` is `host:port`, `host`, its first labels, or nil for all; `window` is made longer, to whole minutes.
  /// - Throws: `UsageError`, `StoreError`
  init(_ reader: StoreReader, service: String?, window: TimeWindow) throws {
    var whole = try LegTable.whole(window, reader)
    whole.notes += try ServiceName.notes(service, reader)
    try self.init(reader, service: service, window: whole)
  }

  /// The legs of a service, or of all, in a window that is known already.
  /// - Throws: `StoreError`
  init(_ reader: StoreReader, service: String?, window: Window) throws {
    self.reader = reader
    self.service = service
    self.window = window
    var ids: [Int64] = []
    var list: [Group] = []
    var chains: [Int64: [Int64]] = [:]
    var proxies: [Int64: [Workload]] = [:]
    try reader.run(.proxyChains) { row in
      var columns = RowCursor(row)
      let chain = columns.number("id")
      chains[chain, default: []].append(columns.number("source"))
      if let proxy = Workload(&columns, "mesh_cluster", "workload", "pod") {
        proxies[chain, default: []].append(proxy)
      }
    }
    try reader.run(.legGroups, ["service": SQLValue(service)]) { row in
      var columns = RowCursor(row)
      ids.append(columns.number("id"))
      list.append(Group(&columns, index: list.count, chains: proxies))
    }
    let keys = HostKeys(list, try KnownHosts(reader))
    groupList = list.map { Group($0, keys) }
    groups = Dictionary(uniqueKeysWithValues: zip(ids, groupList))
    self.chains = chains
  }

  private static func whole(_ window: TimeWindow, _ reader: StoreReader) throws -> Window {
    let resolved = try window.resolved { try reader.newestStart() }
    var whole = Window(notes: reader.notes + resolved.notes)
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

  /// Hands out the rows in the order of time, from the widest spans that will do; those of `times` have their histograms.
  /// `connections` takes each row's connections after it, or a span's after all of its rows; nil where nobody asks. With
  /// `onlyCounts` a span says how many there are, not which. Throws what the two throw, and `StoreError`.
  func forEach(
    _ spans: RollupPlan.Spans, times: Bool, onlyCounts: Bool = false,
    connections: ((LegConnections) throws -> Void)? = nil, _ body: (LegRow) throws -> Void
  ) throws {
    var members = LegConnections.KnownMembers(connections == nil ? [] : groupList)
    for segment in try RollupPlan(reader, window, spans, connections: connections != nil).list {
      if segment.width == 0 {
        try reader.run(times ? .legs : .legCounts, segment.parameters) { values in
          guard let group = groups[values.number(0)] else { return }
          let row = LegRow(values, group, isSpan: false)
          try body(row)
          guard let connections, row.hasConnections else { return }
          try connections(LegConnections(row, members.of(row), values))
        }
      } else {
        try reader.run(times ? .legSpans : .legSpanCounts, segment.parameters) { values in
          guard let group = groups[values.number(0)] else { return }
          try body(LegRow(values, group, isSpan: true))
        }
        if let connections { try forEachConnection(segment, onlyCounts, &members, connections) }
      }
    }
  }

  private func forEachConnection(
    _ segment: RollupPlan.Segment, _ onlyCounts: Bool, _ known: inout LegConnections.KnownMembers,
    _ body: (LegConnections) throws -> Void
  ) throws {
    var parameters = segment.parameters
    parameters["width_us"] = nil
    try reader.run(onlyCounts ? .connectionSpanCounts : .connectionSpans, parameters) { values in
      let members = known.unpacked(values.bytes(1), groups)
      if !members.groups.isEmpty { try body(LegConnections(values, members, onlyCount: onlyCounts)) }
    }
  }

  /// How many units of time of a width, microseconds, have anything of these groups in them; counting ends at `most`.
  /// - Throws: `StoreError`
  func count(width: Int64, atMost most: Int) throws -> Int {
    var parameters = parameters
    parameters["service"] = SQLValue(service)
    parameters["width_us"] = .integer(width)
    parameters["most"] = .integer(Int64(most))
    var count = 0
    try reader.run(.legBuckets, parameters) { _ in count += 1 }
    return count
  }

  /// The start of the minute that a time lies in; microseconds since the epoch.
  static func minuteStart(_ time: Int64) -> Int64 { RollupSpan.start(time, minute) }

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

  /// Hands out the most requests in flight by bucket, service and name, from the widest spans that will do.
  func forEachPeak(
    _ series: LegPeak.Series, _ spans: RollupPlan.Spans,
    _ body: (_ bucket: Int64, _ service: String, _ name: String, _ hostSource: Int64, Int64) -> Void
  ) throws {
    for segment in try RollupPlan(reader, window, spans, connections: false).list {
      var parameters = segment.parameters
      parameters["series"] = .integer(series.rawValue)
      try reader.run(.legPeaks, parameters) { row in
        var columns = RowCursor(row)
        let bucket = columns.number("bucket_us")
        columns.skip("series")
        let (service, name) = (columns.text("service") ?? "", columns.text("name") ?? "")
        columns.skip("mesh_cluster")
        let inFlight = columns.number("in_flight")
        columns.skip("key")
        body(bucket, service, name, columns.number("host_source"), inFlight)
      }
    }
  }
}

extension LegTable.Group {
  /// A copy of a group, whose host is told from others of its address.
  convenience init(_ group: LegTable.Group, _ keys: HostKeys) {
    let host = keys.host(of: group)
    self.init(
      index: group.index, service: group.service, host: group.host, hostKey: host?.key, hostPod: host?.host,
      hostSource: group.hostSource, client: group.client, earlierProxies: group.earlierProxies,
      proxy: group.proxy,
      server: group.server, carrierStatus: group.carrierStatus, flags: group.flags,
      failureCode: group.failureCode, isTCP: group.isTCP)
  }

  /// From a row of leg_groups.sql, behind its id.
  convenience init(_ columns: inout RowCursor, index: Int, chains: [Int64: [LegTable.Workload]]) {
    let (service, host) = (columns.text("service") ?? "", columns.text("host"))
    let client = LegTable.Workload(&columns, "client_mesh_cluster", "client_workload", "client_pod")
    let first = LegTable.Workload(
      &columns, "first_proxy_mesh_cluster", "first_proxy_workload", "first_proxy_pod")
    let proxy = LegTable.Workload(&columns, "proxy_mesh_cluster", "proxy_workload", "proxy_pod")
    let server = LegTable.Workload(&columns, "server_mesh_cluster", "server_workload", "server_pod")
    let status = CarrierStatus(rawValue: UInt8(clamping: columns.number("carrier_status"))) ?? .unknown
    let flags = ResponseFlags(rawValue: UInt64(bitPattern: columns.number("response_flags")))
    let failureCode = columns.integer("failure_code")
    columns.skip("client_namespace", "server_namespace")
    let isTCP = columns.number("is_tcp") != 0
    let chain = columns.number("proxy_chain")
    columns.skip("host_key")
    let hostSource = columns.number("host_source")
    let hostPod = HostKeys.Host(
      meshCluster: columns.text("host_mesh_cluster") ?? "", pod: columns.text("host_pod") ?? "")
    self.init(
      index: index, service: service, host: host, hostPod: hostSource == 0 ? nil : hostPod,
      hostSource: hostSource, client: client, earlierProxies: chains[chain] ?? first.map { [$0] } ?? [],
      proxy: proxy, server: server, carrierStatus: status, flags: flags, failureCode: failureCode,
      isTCP: isTCP)
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
  init?(_ columns: inout RowCursor, _ meshCluster: String, _ workload: String, _ pod: String) {
    let cluster = columns.text(meshCluster)
    self.workload = columns.text(workload) ?? ""
    self.pod = columns.text(pod) ?? ""
    guard let cluster else { return nil }
    self.meshCluster = cluster
  }
}
