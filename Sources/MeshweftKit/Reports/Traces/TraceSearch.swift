internal import AccessLog
internal import Queries
internal import TraceStore

/// `meshweft traces`: traces that match, a line each.
public struct TraceSearch: TableReporting {
  private let database: String
  private let options: TraceSearchOptions

  /// Searches the store at `database`.
  public init(database: String, options: TraceSearchOptions) {
    self.database = database
    self.options = options
  }

  /// - Throws: `UsageError`, `StoreError`
  public func read() throws -> Report {
    let found = try find()
    var report = Report(schema: "meshweft.traces/1", rowsKey: "traces", columns: TraceSearch.columns)
    report.notes = found.notes
    report.rows = found.traces.map { TraceSearch.row(TraceSummary($0)) }
    return report
  }

  /// The traces themselves, in the order that was asked for.
  func find() throws -> (traces: [TraceView], notes: [String]) {
    guard options.limit > 0 else { throw UsageError("--limit takes a number of 1 or more") }
    let reader = try UpToDateStore.reader(database)
    return try reader.snapshot {
      let matches = try ServiceName.notes(options.service, reader)
      let window = try options.window.resolved { try reader.newestStart() }
      var parameters = try parameters()
      parameters["since_us"] = SQLValue(window.since)
      parameters["until_us"] = SQLValue(window.until)
      let clocks = try TraceClocks(reader)
      let traces = try roots(reader, parameters).compactMap { try reader.trace(root: $0) }
        .map { TraceView($0, clocks) }
      return (sorted(traces), reader.notes + matches + window.notes)
    }
  }

  /// Ends the reading of rows once there are enough.
  private struct Enough: Error {}

  private func roots(_ reader: StoreReader, _ parameters: [String: SQLValue]) throws -> [Int64] {
    if options.order == .newest { return try newest(reader, parameters) }
    if let roots = try rankedByRollup(reader, parameters) { return roots }
    var roots: [Int64] = []
    var seen: Set<Int64> = []
    // A slow trace has a handful of slow hops: more rows than traces are asked for.
    var parameters = parameters
    parameters["limit"] = .integer(SlowAttempts.rows(forTraces: options.limit))
    if options.order == .borderCost { parameters["border"] = .integer(1) }
    do {
      try reader.run(.tracesRanked, parameters) { row in
        guard let root = row.integer(0), seen.insert(root).inserted else { return }
        roots.append(root)
        if roots.count == options.limit { throw Enough() }
      }
    } catch is Enough {}
    return roots
  }

  /// The traces that began last. Hops come by their own start, newest first, and a trace begins before all of its hops: it is read
  /// on until the next hop is older than the oldest of enough traces.
  private func newest(_ reader: StoreReader, _ parameters: [String: SQLValue]) throws -> [Int64] {
    // A root's key begins with its start in milliseconds.
    func start(_ key: Int64) -> Int64 { key >> 20 }
    var roots: [Int64] = []
    var seen: Set<Int64> = []
    do {
      try reader.run(.tracesNewest, parameters) { row in
        guard let root = row.integer(0), let hop = row.integer(1) else { return }
        if roots.count == options.limit, let oldest = roots.last, start(hop) < start(oldest) {
          throw Enough()
        }
        guard seen.insert(root).inserted else { return }
        var (low, high) = (0, roots.count)
        while low < high {
          let middle = (low + high) / 2
          if roots[middle] > root { low = middle + 1 } else { high = middle }
        }
        roots.insert(root, at: low)
        if roots.count > options.limit { roots.removeLast() }
      }
    } catch is Enough {}
    return roots
  }

  /// What the rollup can answer without the hops: by time and place, not by what a single request was about.
  private func rankedByRollup(
    _ reader: StoreReader, _ parameters: [String: SQLValue]
  ) throws -> [Int64]? {
    guard options.order != .newest, options.path == nil, options.status == nil, options.flag == nil,
      options.order == .slowest || options.minimumDuration == nil
    else { return nil }
    func number(_ name: String) -> Int64? {
      if case .integer(let value)? = parameters[name] { value } else { nil }
    }
    var filter = SlowAttempts.Filter()
    filter.since = number("since_us")
    filter.until = number("until_us")
    filter.minimumDuration = number("min_duration_us")
    filter.service = options.service
    filter.from = options.from
    filter.to = options.to
    let table = try LegTable(reader, service: options.service, window: filter.window)
    let slow = try SlowAttempts(reader, table, options.order == .slowest ? .slowest : .costliest, filter)
    return try slow.roots(options.limit)
  }

  /// Traces were found by their foremost attempt; they are listed by what the list shows.
  private func sorted(_ traces: [TraceView]) -> [TraceView] {
    let ranks: [Int64]
    switch options.order {
    case .newest: ranks = traces.map(\.times.start)
    case .slowest: ranks = traces.map(\.times.duration)
    case .borderCost: ranks = traces.map { TraceSummary($0).border ?? 0 }
    }
    return traces.indices.sorted { (ranks[$1], $0) < (ranks[$0], $1) }.map { traces[$0] }
  }

  private func parameters() throws -> [String: SQLValue] {
    var parameters: [String: SQLValue] = [
      "service": SQLValue(options.service), "path": SQLValue(options.path), "from": SQLValue(options.from),
      "to": SQLValue(options.to),
    ]
    if let status = options.status {
      parameters["status"] = SQLValue(status.code)
      parameters["status_class"] = SQLValue(status.hundreds)
    }
    if let flag = options.flag { parameters["flags"] = .integer(try TraceSearch.bits(flag)) }
    if let duration = options.minimumDuration {
      parameters["min_duration_us"] = .integer(duration.microseconds)
    }
    return parameters
  }

  private static func bits(_ text: String) throws -> Int64 {
    var bits: UInt64 = 0
    for name in text.split(separator: ",") {
      let index = ResponseFlags.names.firstIndex { "\($0.short)" == name || "\($0.long)" == name }
      guard let index else {
        throw UsageError("--flag takes Envoy's response flags (UF,URX), not \(Shown.text(text, limit: 40))")
      }
      bits |= 1 << UInt64(index)
    }
    return Int64(bitPattern: bits)
  }

  private static let columns: [Report.Column] = [
    .init(key: "trace_id", header: "TRACE", shortening: .end), .init(key: "start_time", header: "START"),
    .init(key: "duration_ms", header: "MS", alignsRight: true),
    .init(key: "border_ms", header: "BORDER MS", alignsRight: true, dropOrder: 3),
    .init(key: "status", header: "STATUS", alignsRight: true),
    .init(key: "flags", header: "FLAGS", dropOrder: 5),
    .init(key: "method", header: "METHOD", dropOrder: 4), .init(key: "path", header: "PATH"),
    .init(key: "service", header: "SERVICE", isWide: true),
    .init(key: "way", header: "WAY", dropOrder: 6),
    .init(key: "carrier", header: "CARRIER", dropOrder: 2),
    .init(key: "hops", header: "HOPS", alignsRight: true, dropOrder: 1),
    .init(key: "request_id", header: "REQUEST ID", isWide: true),
  ]

  private static func row(_ trace: TraceSummary) -> [Report.Value] {
    func text(_ value: String?) -> Report.Value { value.map(Report.Value.text) ?? .missing }
    return [
      .text(trace.id), .instant(trace.start), .milliseconds(trace.duration),
      trace.border.map(Report.Value.milliseconds) ?? .missing,
      trace.first?.responseCode.map { .integer(Int64($0)) } ?? .missing,
      .texts(trace.first?.responseFlags ?? []), text(trace.first?.method), text(trace.first?.path),
      text(trace.first?.service), .text(trace.way), .text(trace.carrier), .integer(Int64(trace.hops)),
      text(trace.first?.requestID),
    ]
  }
}
