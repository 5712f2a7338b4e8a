internal import AccessLog
internal import TraceStore

/// `meshweft sources`: every log, what it holds, and where it is silent.
public struct SourceListing: TableReporting {
  private let database: String

  /// Lists the store at `database`.
  public init(database: String) { self.database = database }

  /// - Throws: `StoreError`
  public func read() throws -> Report {
    let sources = try UpToDateStore.readerOfAnyLinks(database).sources()
    var report = Report(schema: "meshweft.sources/1", rowsKey: "sources", columns: SourceListing.columns)
    report.rows = sources.map(SourceListing.row)
    return report
  }

  private static let columns: [Report.Column] = [
    .init(key: "source", header: "SOURCE", shortening: .never),
    .init(key: "mesh_cluster", header: "MESH CLUSTER", dropOrder: 2),
    .init(key: "namespace", header: "NAMESPACE", isWide: true),
    .init(key: "pod", header: "POD", isWide: true),
    .init(key: "container", header: "CONTAINER", isWide: true),
    .init(key: "workload", header: "WORKLOAD", isWide: true),
    .init(key: "roles", header: "ROLES", dropOrder: 5), .init(key: "hops", header: "HOPS", alignsRight: true),
    .init(key: "first_start_time", header: "FIRST", dropOrder: 3),
    .init(key: "last_start_time", header: "LAST", dropOrder: 4),
    .init(key: "gaps", header: "GAPS", dropOrder: 1),
  ]

  private static func row(_ source: StoredSource) -> [Report.Value] {
    func text(_ value: String) -> Report.Value { value.isEmpty ? .missing : .text(value) }
    let gaps = source.silences.map { gap in
      "\(Quantity.duration(seconds: Double(gap.durationMicroseconds) / 1e6)) from \(Instant.text(gap.fromMicroseconds, digits: 0))"
    }
    return [
      .text(source.name), text(source.origin.meshCluster), text(source.origin.namespace),
      text(source.origin.pod), text(source.origin.container), text(source.workload),
      .texts(source.roles.map { "\($0.role) \($0.hops)" }),
      .integer(Int64(source.hops)),
      source.firstStartMicroseconds.map(Report.Value.instant) ?? .missing,
      source.lastStartMicroseconds.map(Report.Value.instant) ?? .missing, .texts(gaps),
    ]
  }
}
