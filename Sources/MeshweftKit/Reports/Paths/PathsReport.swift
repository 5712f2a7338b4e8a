internal import Correlation
internal import TraceStore

/// `meshweft paths`: which ways requests took from workload to workload, how many, how long, and how many failed.
public struct PathsReport: TableReporting {
  private let database: String
  private let service: String?
  private let window: TimeWindow

  /// Reports on the store at `database`; `service` is `host:port`, `host`, its first labels, or nil for all.
  public init(database: String, service: String? = nil, window: TimeWindow = TimeWindow()) {
    self.database = database
    self.service = service
    self.window = window
  }

  /// - Throws: `UsageError`, `StoreError`
  public func read() throws -> Report {
    let summary = try summary()
    let hasTCP = summary.paths.contains { $0.way.isTCP }
    var report = Report(
      schema: "meshweft.paths/1", rowsKey: "paths", columns: PathsReport.columns(connections: hasTCP))
    report.setRows(of: summary.paths) { PathsReport.row($0) }
    report.notes = summary.notes + PathFindings(summary.paths).sentences
    return report
  }

  /// Paths by requests, most first.
  func summary() throws -> (paths: [PathSummary], notes: [String]) {
    let reader = try UpToDateStore.reader(database)
    return try reader.snapshot {
      let table = try LegTable(reader, service: service, window: window)
      var sums = PathSums(table)
      try table.forEach(.any, times: true) { sums.add($0) }
      // Attempts that were retried over another way are no requests of their own.
      return (sums.finish { $0.requests > 0 || $0.connections > 0 }, table.window.notes)
    }
  }

  /// `connections`: whether there are any to count.
  private static func columns(connections: Bool) -> [Report.Column] {
    columns.map { column in
      var column = column
      if column.key == "connections" { column.isWide = !connections }
      return column
    }
  }

  private static let columns: [Report.Column] = [
    .init(key: "path_from", header: "FROM", audience: .people),
    .init(key: "path_via", header: "VIA", audience: .people),
    .init(key: "path_to", header: "TO", audience: .people, shortening: .service),
    .init(key: "path_service", header: "SERVICE", isWide: true, audience: .people),
    .init(key: "from.workload", header: "", audience: .programs),
    .init(key: "from.mesh_cluster", header: "", audience: .programs),
    .init(key: "via", header: "", audience: .programs),
    .init(key: "to.workload", header: "", audience: .programs),
    .init(key: "to.service", header: "", audience: .programs),
    .init(key: "to.mesh_cluster", header: "", audience: .programs),
    .init(key: "carrier", header: "CARRIER", dropOrder: 5),
    .init(key: "reached", header: "REACHED", dropOrder: 3),
    .init(key: "requests", header: "REQUESTS", alignsRight: true),
    .init(key: "protocol", header: "PROTOCOL", isWide: true),
    .init(key: "connections", header: "CONNECTIONS", alignsRight: true),
    .init(key: "failures", header: "FAILURES", alignsRight: true),
    .init(key: "by_flag", header: "BY FLAG", dropOrder: 6),
    .init(key: "duration_ms.p50", header: "P50 MS", alignsRight: true),
    .init(key: "duration_ms.p90", header: "P90", isWide: true, alignsRight: true),
    .init(key: "duration_ms.p99", header: "P99", alignsRight: true, dropOrder: 7),
    .init(key: "server_ms.p50", header: "SERVER P50", alignsRight: true, dropOrder: 2),
    .init(key: "server_ms.p90", header: "SERVER P90", isWide: true, alignsRight: true),
    .init(key: "server_ms.p99", header: "SERVER P99", isWide: true, alignsRight: true),
    .init(key: "border_ms.p50", header: "BORDER P50", alignsRight: true, dropOrder: 8),
    .init(key: "border_ms.p90", header: "BORDER P90", isWide: true, alignsRight: true),
    .init(key: "border_ms.p99", header: "BORDER P99", alignsRight: true, dropOrder: 4),
    .init(key: "bytes_sent", header: "BYTES SENT", isWide: true, alignsRight: true),
    .init(key: "bytes_received", header: "BYTES RECEIVED", isWide: true, alignsRight: true),
    .init(key: "confidence.mean", header: "CONFIDENCE", alignsRight: true, dropOrder: 1),
    .init(key: "confidence.min", header: "LEAST", isWide: true, alignsRight: true),
  ]

  private static func row(_ path: PathSummary) -> [Report.Value] {
    func text(_ value: String?) -> Report.Value {
      value.flatMap { $0.isEmpty ? nil : .text($0) } ?? .missing
    }
    let way = path.way
    let people: [Report.Value] = [
      .text(way.from?.description ?? "?"),
      way.via.isEmpty ? .missing : .text(way.via.map(\.description).joined(separator: " → ")),
      .text(way.to?.description ?? (way.service.isEmpty ? "?" : way.service)), text(way.service),
    ]
    let places: [Report.Value] = [
      text(way.from?.workload), text(way.from?.meshCluster),
      .objects(
        way.via.map {
          [
            .init(key: "workload", value: text($0.workload)),
            .init(key: "mesh_cluster", value: text($0.meshCluster)),
          ]
        }), text(way.to?.workload), text(way.service), text(way.to?.meshCluster),
    ]
    let counts: [Report.Value] = [
      .text(way.carrierStatus.name), .text(way.end.rawValue), .integer(path.requests),
      .text(way.isTCP ? "tcp" : "http"), way.isTCP ? .integer(path.connections) : .missing,
      .integer(path.failures),
      .counts(path.byFlag.sorted { $0.key < $1.key }.map { .init(name: $0.key, count: $0.value) }),
    ]
    let times = path.clientTimes.quantiles + path.serverTimes.quantiles + path.borderTimes.quantiles
    return people + places + counts + times + [
      .integer(path.bytesSent), .integer(path.bytesReceived),
      path.confidenceMean.map { .decimal($0, digits: 4) } ?? .missing,
      path.requests > 0 ? .decimal(Double(path.confidenceMin) / 10_000, digits: 4) : .missing,
    ]
  }
}
