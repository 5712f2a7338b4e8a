internal import TraceStore

/// Why an id does not name one trace.
public enum TraceLookupError: Error, Sendable, CustomStringConvertible {
  case notFound(id: String)
  case tooShort(id: String)
  /// Some of the ids that begin with what was given.
  case ambiguous(id: String, candidates: [String])

  /// What to do instead.
  public var description: String {
    switch self {
    case .notFound(let id):
      "no hop has the request or trace id \(Shown.text(id, limit: 80)). `meshweft sources` shows what was ingested."
    case .tooShort(let id):
      "\(Shown.text(id, limit: 80)) is too short: give a whole id, or its first 8 characters or more."
    case .ambiguous(let id, let candidates):
      "\(Shown.text(id, limit: 80)) is the beginning of several ids: "
        + candidates.map { Shown.text($0, limit: 80) }.joined(separator: ", ")
    }
  }
}

/// `meshweft trace ID`
public struct TraceLookup {
  private let database: String

  /// Candidates that an error names.
  private static let shownCandidates = 5

  /// Looks in the store at `database`.
  public init(database: String) { self.database = database }

  /// - Parameter id: a request id, a trace id, or the first eight or more hex digits of one.
  /// - Returns: its traces by start. One id may belong to several: an app that passes a request id on while a leg's
  ///   log is missing, a client that reuses ids.
  /// - Throws: `TraceLookupError`, `StoreError`
  public func find(_ id: String) throws -> [TraceView] {
    var traces: [TraceView] = []
    _ = try forEach(id) { traces.append($0) }
    return traces
  }

  /// The same, one trace in memory at a time and `limit` at most. Returns how many there are in all; throws what `body`
  /// throws, too.
  public func forEach(_ id: String, limit: Int = .max, _ body: (TraceView) throws -> Void) throws -> Int {
    let reader = try Correlate.reader(database)
    return try reader.snapshot {
      let matches = try reader.hops(withIdentifier: id)
      guard !matches.isEmpty else { throw TraceLookup.failure(id) }
      let names = Set(matches.map { TraceLookup.digits($0.identifier) })
      guard names.count == 1 else {
        let candidates = Set(matches.map(\.identifier)).sorted().prefix(TraceLookup.shownCandidates)
        throw TraceLookupError.ambiguous(id: id, candidates: Array(candidates))
      }
      let clocks = try TraceClocks(reader)
      let roots = Set(try matches.map { try reader.traceRoot(ofHop: $0.hop) }).sorted()
      for root in roots.prefix(limit) {
        if let trace = try reader.trace(root: root) { try body(TraceView(trace, clocks)) }
      }
      return roots.count
    }
  }

  /// A UUID and the trace id made of it are one.
  private static func digits(_ id: String) -> String { id.lowercased().replacing("-", with: "") }

  private static func failure(_ id: String) -> TraceLookupError {
    let isHex = id.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x46, 0x61...0x66, UInt8(ascii: "-"): true
      default: false
      }
    }
    return isHex && digits(id).count < StoreReader.shortestPrefix ? .tooShort(id: id) : .notFound(id: id)
  }
}
