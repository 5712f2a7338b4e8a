/// `meshweft trace ID`: the traces that an id names.
public struct TraceReport: Reporting {
  private let database: String
  private let id: String
  private let explains: Bool

  /// A waterfall for people; JSON; OTLP for Jaeger and Tempo.
  public enum Form: String, Sendable, CaseIterable { case table, json, otlp }

  /// Traces that people get at most: one id that a client uses for everything names thousands.
  private static let shownTraces = 20

  /// Looks for `id` in the store at `database`, see `HopLookup`; `explains`: whether a waterfall also says why hops belong
  /// together.
  public init(database: String, id: String, explains: Bool = false) {
    self.database = database
    self.id = id
    self.explains = explains
  }

  /// Some traces are in memory at a time.
  /// - Throws: `TraceLookupError`, `StoreError`, and what `output` throws.
  public func write(as form: Form, to output: some ReportOutput) throws -> ReportVerdict {
    let limit = form == .table ? TraceReport.shownTraces : .max
    let found = try TraceLookup(database: database).forEach(id, limit: limit, note: output.note) { trace in
      switch form {
      case .table: try output.take(Array(TraceText(trace, explains: explains, ink: output.ink).text.utf8))
      case .json: try output.take(trace.json)
      case .otlp: try output.take(trace.otlp)
      }
    }
    if found > limit { output.note("\(found - limit) more traces have this id: -o json has all") }
    return .fine
  }
}
