internal import Queries
internal import TraceStore

/// The traces with the slowest attempts, or with those whose border cost most, without reading every hop.
///
/// Every row of the rollup names its eight foremost attempts. The foremost of all rows are the foremost of all
/// attempts, unless some row has eight that all rank above the last one that is wanted: it may hold more of the kind.
/// Only then the hops are read, and of them only what ranks above that. So the answer is exact, and its price is that
/// of reading the rollup wherever slow requests are not all of one minute and one pair of pods.
struct SlowAttempts {
  private let reader: StoreReader
  private let rank: TopAttempts.Rank
  private var entries: [TopAttempts.Entry] = []
  /// The largest of the least ranks of rows that may hold more; nil where none does.
  private var hidden: Int64?
  private let parameters: [String: SQLValue]

  /// What to look for; nil is no restriction. Times are microseconds since the epoch, or microseconds.
  struct Filter {
    var since: Int64?
    var until: Int64?
    /// As in `--service`; the groups of the table that is searched are of no other.
    var service: String?
    /// Mesh clusters of the client and of the server.
    var from: String?
    var to: String?
    var minimumDuration: Int64?

    /// Of the rollup: whole minutes, one more on each side, since a request is counted in its server's minute.
    var window: LegTable.Window {
      var window = LegTable.Window()
      window.since = since.map { LegTable.minuteStart($0) &- LegTable.minute }
      window.until = until.map { LegTable.minuteStart($0) &+ 2 * LegTable.minute }
      return window
    }
  }

  /// Reads what the rollup knows.
  /// - Throws: `StoreError`
  init(_ reader: StoreReader, _ table: LegTable, _ rank: TopAttempts.Rank, _ filter: Filter) throws {
    self.reader = reader
    self.rank = rank
    parameters = SlowAttempts.parameters(filter, rank)
    try table.forEachTop(rank) { _, group, top in
      guard SlowAttempts.matches(group, filter) else { return }
      if top.count == TopAttempts.capacity, let least = top.last {
        hidden = max(hidden ?? least.microseconds, least.microseconds)
      }
      entries += top.filter { entry in
        SlowAttempts.began(entry.hop, filter)
          && (rank == .costliest || entry.microseconds >= filter.minimumDuration ?? .min)
      }
    }
    if rank == .slowest, let least = filter.minimumDuration, let most = hidden, most < least { hidden = nil }
    entries.sort { ($1.microseconds, $0.hop) < ($0.microseconds, $1.hop) }
  }

  /// The keys of the first hops of so many traces, the one with the foremost attempt first.
  /// - Throws: `StoreError`
  func roots(_ count: Int) throws -> [Int64] {
    var found = Found(count)
    for entry in entries where !found.isFull {
      found.add(root: try reader.traceRoot(ofHop: entry.hop), entry.microseconds)
    }
    guard let hidden, !found.isFull || hidden > found.least else { return found.roots }
    var hops = Found(count)
    var parameters = parameters
    parameters["limit"] = .integer(SlowAttempts.rows(forTraces: count))
    // With mesh clusters the statement ranks by the server's time, which says nothing about the client's.
    if found.isFull, rank == .slowest, parameters["from"] == .null, parameters["to"] == .null {
      parameters["min_duration_us"] = .integer(found.least)
    }
    do {
      try reader.run(.tracesRanked, parameters) { row in
        hops.add(root: row.integer(0) ?? 0, row.integer(2) ?? 0)
        if hops.isFull { throw Enough() }
      }
    } catch is Enough {}
    return hops.roots
  }

  /// Rows that are read for so many traces: a slow trace has a handful of slow hops. Whatever number a user gave.
  static func rows(forTraces count: Int) -> Int64 {
    let (rows, overflow) = Int64(count).multipliedReportingOverflow(by: rowsPerTrace)
    return overflow ? .max : rows
  }

  private static let rowsPerTrace: Int64 = 32

  /// Ends the reading of rows once there are enough.
  private struct Enough: Error {}

  /// Different roots, in the order in which they came.
  private struct Found {
    let limit: Int
    private(set) var roots: [Int64] = []
    private(set) var least = Int64.max
    private var seen: Set<Int64> = []

    init(_ limit: Int) { self.limit = limit }

    var isFull: Bool { roots.count >= limit }

    mutating func add(root: Int64, _ microseconds: Int64) {
      guard !isFull, seen.insert(root).inserted else { return }
      roots.append(root)
      least = microseconds
    }
  }

  /// Whether a hop began in the window, as far as its key tells: by the millisecond.
  private static func began(_ hop: Int64, _ filter: Filter) -> Bool {
    let start = (hop >> 20) * 1000
    return start + 999 >= filter.since ?? .min && start < filter.until ?? .max
  }

  private static func matches(_ group: LegTable.Group, _ filter: Filter) -> Bool {
    (filter.from == nil || group.client?.meshCluster == filter.from)
      && (filter.to == nil || group.server?.meshCluster == filter.to)
      && (filter.from == nil && filter.to == nil || group.client != nil && group.server != nil)
  }

  private static func parameters(_ filter: Filter, _ rank: TopAttempts.Rank) -> [String: SQLValue] {
    var parameters: [String: SQLValue] = [
      "since_us": SQLValue(filter.since), "until_us": SQLValue(filter.until),
      "service": SQLValue(filter.service), "from": SQLValue(filter.from), "to": SQLValue(filter.to),
      "min_duration_us": SQLValue(filter.minimumDuration),
    ]
    if rank == .costliest { parameters["border"] = .integer(1) }
    return parameters
  }
}
