/// Lines of one input in, rows of a batch out.
///
/// Per line: envelope off, scan, time, source, values, identity. One parser per input, for it learns the input's
/// format and remembers its last lines; the tables may be shared by inputs that are read one after the other.
package struct HopParser: ~Copyable {
  private let tables: ParserTables
  private let builder: HopBuilder
  private var scanner: JSONLineScanner
  private var sources: SourceResolver
  private var occurrences = OccurrenceWindow()
  private var fields = FieldTable()

  /// - Parameters:
  ///   - logName: the log's file name without folders and .gz; nil for a stream.
  ///   - flags: what the user says about whose log it is.
  package init(
    tables: ParserTables, logName: String?, flags: InputIdentity = InputIdentity(), names: FieldNames = FieldNames()
  ) {
    self.tables = tables
    builder = HopBuilder(tables: tables)
    scanner = JSONLineScanner(names: names, acceptsOctalEscapes: true)
    sources = SourceResolver(flags: flags, logName: logName, tables: tables)
  }

  /// - Parameters:
  ///   - line: without its line feed.
  ///   - number: 1-based line in the input.
  package mutating func parse(_ line: PaddedBytes, number: Int64, into batch: inout HopBatch) -> LineOutcome {
    fields.reset()
    switch scanner.scan(line, into: &fields) {
    case .malformed(let offset): return .rejected(.malformedJSON(offset: offset))
    case .notObject: return .skipped
    case .object: break
    }
    return finish(line, number: number, into: &batch)
  }

  /// The source of the last line, or of the input where it has none yet: whom a skipped line is counted for.
  package mutating func currentSource() -> Int32 { sources.current().index }

  private mutating func finish(_ line: PaddedBytes, number: Int64, into batch: inout HopBatch) -> LineOutcome {
    var values = LineFields(line: line)
    guard let startSlice = values.slice(.startTime, fields) else {
      return fields.recognised >= HopParser.accessLogFields ? .rejected(.noStartTime) : .skipped
    }
    guard fields.recognised >= HopParser.accessLogFields else { return .skipped }
    guard let start = Timestamp.parse(line.slice(startSlice.range)) else { return .rejected(.badStartTime) }
    let source = sources.source(&values, fields)
    let context = HopBuilder.Context(source: source.index, workload: source.workload, line: number, start: start)
    var row = builder.row(&values, fields, context, into: &batch)
    row.identity = identity(of: line, row, source)
    batch.rows.append(row)
    return .hop(repaired: false)
  }

  /// How many known fields make an object an access log line: other JSON logs share one or two names with it.
  private static let accessLogFields = 4

  private mutating func identity(
    of line: PaddedBytes, _ row: HopRow, _ source: SourceResolver.Resolved
  ) -> (high: UInt64, low: UInt64) {
    var hash = Hash128.of(line, seed: source.seed)
    let end = row.startMicroseconds &+ max(0, row.durationMicroseconds)
    let earlier = occurrences.occurrence(
      of: hash, source: Int(row.source), start: row.startMicroseconds, end: end)
    if earlier > 0 { hash = hash.mixed(with: UInt64(earlier)) }
    return (hash.high, hash.low)
  }
}
