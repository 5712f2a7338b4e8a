internal import Queries
internal import TraceStore

/// The traces that a page shows: the slowest, of every service some, and the failed, of every kind some.
struct PageTraces {
  /// By root; each once, whether slow or failed or both.
  let traces: [TraceView]
  /// Numbers of `traces`, the slowest first.
  let slowest: [Int]
  let failed: [Int]

  /// Of each of the busiest services so many traces are among the slowest, even where others are slower.
  private static let slowestPerService = 5
  private static let servicesWithSlowest = 8
  /// A slow trace has a handful of slow hops: more rows than traces are asked for.
  private static let rowsPerTrace = 16

  /// `service` is as in `--service`, nil for all; `services` come busiest first.
  /// - Throws: `StoreError`
  init(_ reader: StoreReader, service: String?, services: [String], window: LegTable.Window) throws {
    var traces: [TraceView] = []
    var numbers: [Int64: Int] = [:]
    func number(_ root: Int64) throws -> Int? {
      if let number = numbers[root] { return number }
      guard let trace = try reader.trace(ofHop: root) else { return nil }
      traces.append(TraceView(trace))
      numbers[root] = traces.count - 1
      return traces.count - 1
    }
    let search = Search(reader: reader, window: window)
    var slow = OrderedRoots()
    for service in services.prefix(service == nil ? PageTraces.servicesWithSlowest : 0) {
      try slow.add(search.slowest(service, PageTraces.slowestPerService), limit: PageTraces.slowestPerService)
    }
    try slow.add(search.slowest(service, PageLimits.traces), limit: PageLimits.traces - slow.roots.count)
    var broken = OrderedRoots()
    try broken.add(search.failed(service), limit: PageLimits.traces)
    let slowNumbers = try slow.roots.compactMap(number)
    failed = try broken.roots.compactMap(number)
    slowest = slowNumbers.sorted { left, right in
      (traces[right].times.duration, left) < (traces[left].times.duration, right)
    }
    self.traces = traces
  }

  /// Roots without repeats, in the order in which they came.
  private struct OrderedRoots {
    private(set) var roots: [Int64] = []
    private var known: Set<Int64> = []

    /// Takes so many that are new.
    mutating func add(_ more: [Int64], limit: Int) {
      var left = limit
      for root in more where left > 0 && known.insert(root).inserted {
        roots.append(root)
        left -= 1
      }
    }
  }

  private struct Search {
    let reader: StoreReader
    let window: LegTable.Window

    func slowest(_ service: String?, _ count: Int) throws -> [Int64] {
      var parameters = parameters(service)
      parameters["limit"] = .integer(Int64(count * PageTraces.rowsPerTrace))
      return try roots(.tracesRanked, parameters)
    }

    func failed(_ service: String?) throws -> [Int64] {
      var parameters = parameters(service)
      parameters["limit"] = .integer(Int64(PageLimits.traces))
      return try roots(.tracesFailed, parameters)
    }

    private func parameters(_ service: String?) -> [String: SQLValue] {
      [
        "service": SQLValue(service), "since_us": SQLValue(window.since), "until_us": SQLValue(window.until),
      ]
    }

    private func roots(_ query: Query, _ parameters: [String: SQLValue]) throws -> [Int64] {
      var roots: [Int64] = []
      try reader.run(query, parameters) { roots.append($0.integer(0) ?? 0) }
      return roots
    }
  }
}
