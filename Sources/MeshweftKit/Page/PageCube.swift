internal import AccessLog
internal import TraceStore

/// The rollup's rows, added up for a page: by path, by path and host over time, and by service.
struct PageCube {
  /// What one host got of one path.
  struct Cell: Hashable {
    var way: PathSummary.Way
    /// Empty where the requests were sent nowhere.
    var host: String

    init(_ group: LegTable.Group) {
      way = PathSummary.Way(group)
      host = group.hostKey ?? ""
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
  init(_ table: LegTable, _ reader: StoreReader) throws {
    var sums = PathSums(table)
    var groups = GroupSums(table)
    var cells = CellSums(table)
    var span: (first: Int64, last: Int64)?
    // Its charts may be by the minute.
    try table.forEach(.none, times: true, connections: { groups.add($0) }) { row in
      groups.add(row)
      guard row.attempts > 0 else { return }
      sums.add(row)
      cells.add(row)
      span = (
        min(span?.first ?? row.firstStart, row.firstStart), max(span?.last ?? row.lastStart, row.lastStart)
      )
    }
    let sorted = sums.finish()
    paths = Array(sorted.prefix(PageLimits.paths))
    rest = sorted.dropFirst(PageLimits.paths).reduce(into: Rest()) { rest, path in
      rest.paths += 1
      rest.requests += path.requests
      rest.failures += path.failures
    }
    findings = PathFindings(sorted).sentences
    let shown = Set(paths.map(\.way))
    series = cells.series { shown.contains($0.way) }
    let byService = groups.byService
    let conclusions = try SpreadConclusions(reader, byService, table.window, nil, try KnownEndpoints(reader))
    (services, omittedServices) = PageCube.services(byService, conclusions)
    firstStart = span?.first
    lastStart = span?.last
  }

  /// Counts of all cells, most of which no page shows: lists, which take a fraction of what a dictionary for each would.
  private struct CellSums {
    private var cells: [Cell] = []
    /// By cell: start of the bucket, ascending, and its counts.
    private var counts: [[(bucket: Int64, counts: Counts)]]
    /// By `Group.index`.
    private var numbers: [Int] = []

    init(_ table: LegTable) {
      var known: [Cell: Int] = [:]
      for group in table.groupList {
        let cell = Cell(group)
        let number = known[cell] ?? cells.count
        if number == cells.count {
          known[cell] = number
          cells.append(cell)
        }
        numbers.append(number)
      }
      counts = [[(bucket: Int64, counts: Counts)]](repeating: [], count: cells.count)
    }

    /// Rows come in the order of their buckets.
    mutating func add(_ row: LegRow) {
      let number = numbers[row.group.index]
      let more = Counts(attempts: row.attempts, failures: row.failures, busy: row.busy)
      if let last = counts[number].last, last.bucket == row.bucket {
        counts[number][counts[number].count - 1].counts.add(more)
      } else {
        counts[number].append((row.bucket, more))
      }
    }

    func series(_ isShown: (Cell) -> Bool) -> Series {
      var series: Series = [:]
      for (cell, counts) in zip(cells, counts) where !counts.isEmpty && isShown(cell) {
        for (bucket, counts) in counts { series[cell, default: [:]][bucket, default: Counts()].add(counts) }
      }
      return series
    }
  }

  /// Never holds more than twice as many as are shown.
  private static func services(
    _ sums: [String: ServiceSums], _ conclusions: SpreadConclusions
  ) -> ([ServiceImbalance], omitted: Int) {
    var busiest: [ServiceSpread] = []
    var count = 0
    for (service, sums) in sums {
      let spread = ServiceSpread(service, sums)
      guard spread.hasSomething else { continue }
      count += 1
      busiest.append(spread)
      if busiest.count == 2 * PageLimits.services { keepBusiest(&busiest) }
    }
    keepBusiest(&busiest)
    let services = busiest.map {
      ServiceImbalance($0, knowsEndpoints: false, conclusion: conclusions.byService[$0.service])
    }
    return (services, count - busiest.count)
  }

  private static func keepBusiest(_ services: inout [ServiceSpread]) {
    services.sort(by: ServiceSpread.isBusier)
    services.removeLast(max(0, services.count - PageLimits.services))
  }
}
