internal import AccessLog
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

  /// `service` is as in `--service`, nil for all; `services` come busiest first.
  /// - Throws: `StoreError`
  init(_ reader: StoreReader, service: String?, services: [String], window: LegTable.Window) throws {
    var traces: [TraceView] = []
    var numbers: [Int64: Int] = [:]
    let clocks = try TraceClocks(reader)
    func number(_ root: Int64) throws -> Int? {
      if let number = numbers[root] { return number }
      guard let trace = try reader.trace(root: root) else { return nil }
      traces.append(TraceView(trace, clocks))
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
      var filter = SlowAttempts.Filter()
      filter.since = window.since
      filter.until = window.until
      filter.service = service
      let table = try LegTable(reader, service: service, window: filter.window)
      return try SlowAttempts(reader, table, .slowest, filter).roots(count)
    }

    /// What makes failures alike.
    private struct Kind: Hashable {
      var service: String
      var code: Int64
      var flags: UInt64
    }

    /// The newest of each kind first, then the second newest of each, and so on: one kind does not hide the others.
    /// Of those that the rollup names: the slowest of each pair of pods and minute.
    func failed(_ service: String?) throws -> [Int64] {
      var kinds: [Kind: [Int64]] = [:]
      try LegTable(reader, service: service, window: window).forEachTop(.slowest) { _, group, top in
        guard let code = group.failureCode else { return }
        let kind = Kind(service: group.service, code: code, flags: group.flags.rawValue)
        kinds[kind, default: []] += top.map(\.hop)
      }
      let hops = kinds.values.flatMap { hops in
        hops.sorted(by: >).prefix(PageLimits.traces).enumerated().map { (place: $0.offset, hop: $0.element) }
      }
      let chosen = hops.sorted { ($0.place, $1.hop) < ($1.place, $0.hop) }
      // Some are of one trace: a few more than are shown.
      return try chosen.prefix(PageLimits.traces * 4).map { try reader.traceRoot(ofHop: $0.hop) }
    }
  }
}
