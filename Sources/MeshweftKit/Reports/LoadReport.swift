internal import Correlation
internal import TraceStore

/// What `meshweft load` is asked.
public struct LoadOptions: Sendable {
  /// What one row is about.
  public enum Grouping: String, Sendable, CaseIterable {
    case host, service, source, proxy
  }

  /// `host:port`, `host`, or its first labels; nil for all.
  public var service: String?
  /// Of starts, made longer to whole minutes.
  public var window = TimeWindow()
  /// `1m`, `1h`, …; whole minutes.
  public var bucket = "1m"
  /// What one row is about.
  public var grouping = Grouping.host

  /// Every service by the minute and host.
  public init() {}
}

/// `meshweft load`: requests, rate, in flight, connections, bytes, failures and durations over time.
///
/// By host every attempt counts for the host that it reached, retries included, with the server's own duration; by
/// service, source (the calling pod) and proxy every request counts once, with the caller's duration.
public struct LoadReport {
  private let database: String
  private let options: LoadOptions

  /// Reports on the store at `database`.
  public init(database: String, options: LoadOptions) {
    self.database = database
    self.options = options
  }

  /// - Throws: `UsageError`, `StoreError`
  public func report() throws -> Report {
    let width = try LoadReport.bucketWidth(options.bucket)
    try Correlate.ifPending(database)
    let reader = try StoreReader(path: database)
    return try reader.snapshot {
      let table = try LegTable(reader, service: options.service, window: options.window)
      var sums: [Key: Sum] = [:]
      try table.forEach(times: true) { row in
        guard row.attempts > 0 || !row.connections.isEmpty, let key = key(row, width) else { return }
        sums[key, default: Sum(row, options.grouping)].add(row, byHost: options.grouping == .host)
      }
      try table.forEachPeak(series) { bucket, service, name, inFlight in
        let key = Key(bucket: LoadReport.floor(bucket, width), service: service, name: name)
        if let peak = sums[key]?.peak { sums[key]?.peak = max(peak, inFlight) }
      }
      var report = Report(schema: "meshweft.load/1", rowsKey: "rows", columns: columns)
      report.facts = [.init(key: "bucket_s", value: .integer(width / 1_000_000))]
      report.notes = table.window.notes
      report.rows = sums.sorted { $0.key < $1.key }.map { row($0.key, $0.value, width) }
      return report
    }
  }

  /// Microseconds.
  static func bucketWidth(_ text: String) throws -> Int64 {
    guard let width = try? TimeWindow.duration(text), width % LegTable.minute == 0 else {
      throw UsageError("--bucket takes whole minutes, like 1m, 15m or 1h, not \(Shown.text(text, limit: 40))")
    }
    return width
  }

  private struct Key: Hashable, Comparable {
    var bucket: Int64
    var service: String
    var name: String

    static func < (left: Key, right: Key) -> Bool {
      (left.bucket, left.service, left.name) < (right.bucket, right.service, right.name)
    }
  }

  private struct Sum {
    var meshCluster: String?
    var requests: Int64 = 0
    var busy: Int64 = 0
    var bytesSent: Int64 = 0
    var bytesReceived: Int64 = 0
    var failures: Int64 = 0
    var peak: Int64 = 0
    var connections: Set<UInt64> = []
    var times = TimesSum()

    init(_ row: LegTable.Row, _ grouping: LoadOptions.Grouping) {
      switch grouping {
      case .host: meshCluster = row.group.server?.meshCluster ?? row.group.proxy?.meshCluster
      case .service: meshCluster = row.group.server?.meshCluster
      case .source: meshCluster = row.group.client?.meshCluster
      case .proxy: meshCluster = row.group.proxy?.meshCluster
      }
    }

    mutating func add(_ row: LegTable.Row, byHost: Bool) {
      requests += byHost ? row.attempts : row.requests
      failures += byHost ? row.failures : row.failedRequests
      busy += row.busy
      bytesSent += row.bytesSent
      bytesReceived += row.bytesReceived
      connections.formUnion(row.connections)
      let (first, second) =
        byHost ? (row.serverTimes, row.clientTimes) : (row.clientTimes, row.serverTimes)
      times.add(encoded: first.isEmpty ? second : first)
      if meshCluster == nil { meshCluster = row.group.server?.meshCluster }
    }
  }

  private var series: LegPeak.Series {
    switch options.grouping {
    case .host: .host
    case .service: .service
    case .source: .source
    case .proxy: .proxy
    }
  }

  private func key(_ row: LegTable.Row, _ width: Int64) -> Key? {
    let name: String?
    switch options.grouping {
    case .host: name = row.group.host ?? ""
    case .service: name = row.attempts > 0 ? "" : nil
    case .source: name = row.group.client?.pod
    case .proxy: name = row.group.proxy?.pod
    }
    return name.map {
      Key(bucket: LoadReport.floor(row.bucket, width), service: row.group.service, name: $0)
    }
  }

  private static func floor(_ bucket: Int64, _ width: Int64) -> Int64 {
    bucket - (bucket % width + width) % width
  }

  private var columns: [Report.Column] {
    var columns: [Report.Column] = [
      .init(key: "bucket", header: "BUCKET"), .init(key: "service", header: "SERVICE"),
    ]
    if options.grouping != .service {
      columns.append(.init(key: options.grouping.rawValue, header: options.grouping.rawValue.uppercased()))
    }
    return columns + [
      .init(key: "mesh_cluster", header: "MESH CLUSTER"),
      .init(key: "requests", header: "REQUESTS", alignsRight: true),
      .init(key: "rate", header: "RATE/S", alignsRight: true),
      .init(key: "in_flight_mean", header: "IN FLIGHT", alignsRight: true),
      .init(key: "in_flight_peak", header: "PEAK", alignsRight: true),
      .init(key: "connections", header: "CONNECTIONS", alignsRight: true),
      .init(key: "bytes_sent", header: "BYTES SENT", isWide: true, alignsRight: true),
      .init(key: "bytes_received", header: "BYTES RECEIVED", isWide: true, alignsRight: true),
      .init(key: "failures", header: "FAILURES", alignsRight: true),
      .init(key: "duration_ms.p50", header: "P50 MS", alignsRight: true),
      .init(key: "duration_ms.p90", header: "P90 MS", alignsRight: true),
      .init(key: "duration_ms.p99", header: "P99 MS", alignsRight: true),
    ]
  }

  private func row(_ key: Key, _ sum: Sum, _ width: Int64) -> [Report.Value] {
    let name: [Report.Value] =
      options.grouping == .service ? [] : [key.name.isEmpty ? .missing : .text(key.name)]
    let cluster = sum.meshCluster ?? ""
    return [.instant(key.bucket), key.service.isEmpty ? .missing : .text(key.service)] + name + [
      cluster.isEmpty ? .missing : .text(cluster), .integer(sum.requests),
      .decimal(Double(sum.requests) * 1e6 / Double(width), digits: 2),
      .decimal(Double(sum.busy) / Double(width), digits: 2), .integer(sum.peak),
      .integer(Int64(sum.connections.count)), .integer(sum.bytesSent), .integer(sum.bytesReceived),
      .integer(sum.failures),
    ] + sum.times.quantiles
  }
}

extension TimesSum {
  /// p50, p90 and p99 as cells.
  var quantiles: [Report.Value] {
    [0.5, 0.9, 0.99].map { quantile($0).map(Report.Value.milliseconds) ?? .missing }
  }
}
