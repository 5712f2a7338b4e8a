internal import TraceStore

/// `meshweft load`: requests, rate, in flight, connections, bytes, failures and durations over time.
///
/// By host every attempt counts for the host that it reached, retries included, with the server's own duration; by
/// service, source (the calling pod) and proxy every request counts once, with the caller's duration. Time in which
/// nothing happened has no rows. Rates and requests in flight are means over the time that the logs cover within a bucket.
public struct LoadReport: TableReporting {
  private let database: String
  private let options: LoadOptions

  /// Reports on the store at `database`.
  public init(database: String, options: LoadOptions) {
    self.database = database
    self.options = options
  }

  /// - Throws: `UsageError`, `StoreError`
  public func read() throws -> Report {
    let asked: Int64? = if case .microseconds(let width) = options.bucket { width } else { nil }
    let reader = try UpToDateStore.reader(database)
    return try reader.snapshot {
      let table = try LegTable(reader, service: options.service, window: options.window)
      let width = try asked ?? LoadBuckets.fittingWidth(table)
      var rows = LoadRows(table, options.grouping, width, LogCoverage(reader, table.window))
      try rows.addPeaks(table)
      // In one span each connection is counted once; those of several have to be told apart.
      let onlyCounts = width == RollupSpan.connectionWidth
      try table.forEach(
        .dividing(width), times: true, onlyCounts: onlyCounts, connections: { try rows.add($0) }
      ) { try rows.add($0) }
      var report = Report(schema: "meshweft.load/1", rowsKey: "rows", columns: columns)
      report.facts = [.init(key: "bucket_s", value: .integer(width / 1_000_000))]
      report.notes = table.window.notes
      if asked == nil, width > LegTable.minute {
        report.notes.append(
          "one row per \(LoadBuckets.words(width)), to keep the table short: --bucket 1m shows every minute")
      }
      report.rows = try rows.finished()
      return report
    }
  }

  private var columns: [Report.Column] {
    var columns: [Report.Column] = [
      .init(key: "bucket", header: "BUCKET"), .init(key: "service", header: "SERVICE", shortening: .service),
    ]
    if options.grouping != .service {
      columns.append(.init(key: options.grouping.rawValue, header: options.grouping.rawValue.uppercased()))
    }
    return columns + [
      .init(key: "mesh_cluster", header: "MESH CLUSTER", dropOrder: 1),
      .init(key: "requests", header: "REQUESTS", alignsRight: true),
      .init(key: "rate", header: "RATE/S", alignsRight: true),
      .init(key: "in_flight_mean", header: "IN FLIGHT", alignsRight: true, dropOrder: 6),
      .init(key: "in_flight_peak", header: "PEAK", alignsRight: true, dropOrder: 3),
      .init(key: "connections", header: "CONNECTIONS", alignsRight: true, dropOrder: 4),
      .init(key: "bytes_sent", header: "BYTES SENT", isWide: true, alignsRight: true),
      .init(key: "bytes_received", header: "BYTES RECEIVED", isWide: true, alignsRight: true),
      .init(key: "failures", header: "FAILURES", alignsRight: true, dropOrder: 7),
      .init(key: "duration_ms.p50", header: "P50 MS", alignsRight: true, dropOrder: 5),
      .init(key: "duration_ms.p90", header: "P90 MS", alignsRight: true, dropOrder: 2),
      .init(key: "duration_ms.p99", header: "P99 MS", alignsRight: true, dropOrder: 8),
    ]
  }
}
