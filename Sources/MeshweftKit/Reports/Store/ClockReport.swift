internal import TraceStore

/// `meshweft clocks`: how far the mesh clusters' clocks are apart, as the requests between them tell.
public struct ClockReport: TableReporting {
  private let database: String

  /// Reports on the store at `database`.
  public init(database: String) { self.database = database }

  /// One pair of mesh clusters over time.
  private struct Pair {
    var from: String
    var to: String
    var latest: StoredClock
    /// Smallest and largest offset over time, microseconds.
    var least: Double
    var most: Double
    var requests: Int64
  }

  /// - Throws: `StoreError`
  public func read() throws -> Report {
    let reader = try UpToDateStore.reader(database)
    var pairs: [Pair] = []
    for estimate in try reader.clocks() {
      let (from, to) = (estimate.clientMeshCluster, estimate.serverMeshCluster)
      if let last = pairs.indices.last, pairs[last].from == from, pairs[last].to == to {
        pairs[last].latest = estimate
        pairs[last].least = min(pairs[last].least, estimate.offset)
        pairs[last].most = max(pairs[last].most, estimate.offset)
        pairs[last].requests += estimate.requests
      } else {
        pairs.append(
          Pair(
            from: from, to: to, latest: estimate, least: estimate.offset, most: estimate.offset,
            requests: estimate.requests))
      }
    }
    var report = Report(schema: "meshweft.clocks/1", rowsKey: "clocks", columns: ClockReport.columns)
    report.rows = pairs.map(ClockReport.row)
    report.notes = reader.notes
    if pairs.isEmpty {
      report.notes += ["no requests between mesh clusters are linked, so clocks cannot be compared"]
    }
    return report
  }

  private static let columns: [Report.Column] = [
    .init(key: "from", header: "FROM"), .init(key: "to", header: "TO"),
    .init(key: "offset_ms", header: "AHEAD BY MS", alignsRight: true),
    .init(key: "uncertainty_ms", header: "± MS", alignsRight: true),
    .init(key: "drift_ppm", header: "DRIFT PPM", alignsRight: true, dropOrder: 1),
    .init(key: "at", header: "AT", dropOrder: 2),
    .init(key: "least_offset_ms", header: "LEAST MS", isWide: true, alignsRight: true),
    .init(key: "most_offset_ms", header: "MOST MS", isWide: true, alignsRight: true),
    .init(key: "requests", header: "REQUESTS", alignsRight: true),
  ]

  private static func row(_ pair: Pair) -> [Report.Value] {
    func milliseconds(_ value: Double) -> Report.Value { .decimal(value / 1000, digits: 3) }
    return [
      .text(pair.from), .text(pair.to), milliseconds(pair.latest.offset),
      milliseconds(pair.latest.uncertainty), .decimal(pair.latest.drift, digits: 2),
      .instant(pair.latest.reference), milliseconds(pair.least), milliseconds(pair.most),
      .integer(pair.requests),
    ]
  }
}
