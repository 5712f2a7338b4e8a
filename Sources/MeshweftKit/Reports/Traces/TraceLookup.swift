internal import AccessLog
internal import TraceStore

/// Finds the traces of an id.
struct TraceLookup {
  private let database: String

  /// Looks in the store at `database`.
  init(database: String) { self.database = database }

  /// - Parameter id: whatever names hops, see `HopLookup`: a request id, a trace id, or the first eight or more hex digits of
  ///   one.
  /// - Returns: its traces by start. One id may belong to several: an app that passes a request id on while a leg's
  ///   log is missing, a client that reuses ids.
  /// - Throws: `TraceLookupError`, `StoreError`
  func find(_ id: String) throws -> [TraceView] {
    var traces: [TraceView] = []
    _ = try forEach(id) { traces.append($0) }
    return traces
  }

  /// Calls `body` with the traces that an id names, `limit` at most; some are in memory at a time. `note` gets sentences for
  /// standard error. Returns how many there are in all; throws what `body` throws, too.
  func forEach(
    _ id: String, limit: Int = .max, note: (String) -> Void = { _ in }, _ body: (TraceView) throws -> Void
  ) throws -> Int {
    let reader = try UpToDateStore.reader(database)
    reader.notes.forEach(note)
    var rest: ArraySlice<Int64>?
    var count = 0
    repeat {
      // Not while anything is printed: see `ReadingSteps`.
      let traces = try reader.snapshot {
        var roots = try rest ?? TraceLookup.roots(id, reader)[...]
        if rest == nil {
          count = roots.count
          roots = roots.prefix(limit)
        }
        defer { rest = roots }
        return try TraceLookup.take(&roots, reader)
      }
      for trace in traces { try body(trace) }
    } while rest?.isEmpty == false
    return count
  }

  /// The first hops of the traces that an id names, in the order of their keys.
  private static func roots(_ id: String, _ reader: StoreReader) throws -> [Int64] {
    let hops = try HopLookup(reader).hops(id)
    guard !hops.isEmpty else { throw failure(id) }
    return Set(try hops.map { try reader.traceRoot(ofHop: $0) }).sorted()
  }

  /// Takes some traces off a list.
  private static func take(_ roots: inout ArraySlice<Int64>, _ reader: StoreReader) throws -> [TraceView] {
    let clocks = try TraceClocks(reader)
    if roots.count == 1, let root = roots.popFirst() {
      return try reader.trace(root: root).map { [TraceView($0, clocks)] } ?? []
    }
    var traces: [TraceView] = []
    var (hops, taken) = (0, 0)
    try reader.forEachTrace(roots: roots) { trace in
      taken += 1
      guard let trace else { return true }
      hops += trace.hops.count
      traces.append(TraceView(trace, clocks))
      return hops < StoreLimits.stepHops
    }
    roots = roots.dropFirst(taken)
    return traces
  }

  private static func failure(_ id: String) -> TraceLookupError {
    let isHex = id.utf8.allSatisfy { $0 == UInt8(ascii: "-") || HopLookup.isHex($0) }
    return isHex && HopLookup.digits(id).count < StoreReader.shortestPrefix
      ? .tooShort(id: id) : .notFound(id: id)
  }
}
