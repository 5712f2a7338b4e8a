internal import AccessLog

/// The rollup's rows, added up for a page: by path, by path and host over time, and by service.
struct PageCube {
  /// What one host got of one path.
  struct Cell: Hashable {
    var way: PathSummary.Way
    /// Empty where the requests were sent nowhere.
    var host: String

    init(_ group: LegTable.Group) {
      way = PathSummary.Way(group)
      host = group.host ?? ""
    }
  }

  /// Of one cell in one piece of time.
  struct Counts {
    var attempts: Int64 = 0
    var failures: Int64 = 0
    /// Microseconds.
    var busy: Int64 = 0

    mutating func add(_ other: Counts) {
      attempts += other.attempts
      failures += other.failures
      busy += other.busy
    }
  }

  /// Paths that got no row of their own.
  struct Rest {
    var paths = 0
    var requests: Int64 = 0
    var failures: Int64 = 0
  }

  /// The busiest, most requests first.
  let paths: [PathSummary]
  let rest: Rest
  /// What stands out in all paths, in sentences.
  let findings: [String]
  /// By cell of `paths` and start of the rollup's bucket, microseconds since the epoch.
  typealias Series = [Cell: [Int64: Counts]]
  let series: Series
  /// The busiest first.
  let services: [ServiceImbalance]
  /// Services that are left out.
  let omittedServices: Int
  /// Of the requests, microseconds since the epoch; nil without any.
  let firstStart: Int64?
  let lastStart: Int64?

  /// - Throws: `StoreError`
  init(_ table: LegTable) throws {
    var sums = PathSums(table)
    var groups = GroupSums(table)
    var series: Series = [:]
    let cells = table.groupList.map(Cell.init)
    var span: (first: Int64, last: Int64)?
    // Its charts may be by the minute.
    try table.forEach(.none, times: true, connections: { groups.add($0) }) { row in
      groups.add(row)
      guard row.attempts > 0 else { return }
      sums.add(row)
      let counts = Counts(attempts: row.attempts, failures: row.failures, busy: row.busy)
      series[cells[row.group.index], default: [:]][row.bucket, default: Counts()].add(counts)
      span = (
        min(span?.first ?? row.firstStart, row.firstStart), max(span?.last ?? row.lastStart, row.lastStart)
      )
    }
    let sorted = sums.paths
    paths = Array(sorted.prefix(PageLimits.paths))
    rest = sorted.dropFirst(PageLimits.paths).reduce(into: Rest()) { rest, path in
      rest.paths += 1
      rest.requests += path.requests
      rest.failures += path.failures
    }
    findings = PathFindings(sorted).sentences
    let shown = Set(paths.map(\.way))
    self.series = series.filter { shown.contains($0.key.way) }
    (services, omittedServices) = PageCube.services(groups.byService)
    firstStart = span?.first
    lastStart = span?.last
  }

  private static func services(_ sums: [String: [GroupSum]]) -> ([ServiceImbalance], omitted: Int) {
    let services =
      sums
      .map { ServiceImbalance(ServiceSpread($0.key, $0.value), knowsEndpoints: false) }
      .filter { !$0.spread.hosts.isEmpty || $0.spread.unplaced > 0 }
      .sorted { left, right in
        (right.spread.requests.total, left.spread.service) < (
          left.spread.requests.total, right.spread.service
        )
      }
    return (Array(services.prefix(PageLimits.services)), max(0, services.count - PageLimits.services))
  }
}
