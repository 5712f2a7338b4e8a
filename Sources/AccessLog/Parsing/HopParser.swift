/// Lines of one input in, rows of a batch out.
///
/// Per line: envelope off, scan, time, source, values, identity. One parser per input, for it learns the input's
/// format and remembers its last lines; the tables may be shared by inputs that are read one after the other.
package struct HopParser: ~Copyable {
  private let builder: HopBuilder
  private var scanner: JSONLineScanner
  private var formats: TextFormats
  private var sources: SourceResolver
  private var occurrences = OccurrenceWindow()
  private var fields = FieldTable()

  /// - Parameters:
  ///   - logName: the log's file name without folders and .gz; nil for a stream.
  ///   - flags: what the user says about whose log it is.
  ///   - names: a user's own JSON keys.
  ///   - format: a user's own text format, tried before the known ones.
  package init(
    tables: ParserTables, logName: String?, flags: InputIdentity = InputIdentity(), names: FieldMap? = nil,
    format: TextFormat? = nil
  ) {
    builder = HopBuilder(tables: tables)
    scanner = JSONLineScanner(names: names, acceptsOctalEscapes: true)
    formats = TextFormats(own: format.map { [$0] } ?? [])
    sources = SourceResolver(flags: flags, logName: logName, tables: tables)
  }

  /// - Parameters:
  ///   - line: without its line feed.
  ///   - number: 1-based line in the input.
  package mutating func parse(_ line: PaddedBytes, number: Int64, into batch: inout HopBatch) -> LineOutcome {
    parseBody(line, number: number, into: &batch)
  }

  /// The source of the last line, or of the input where it has none yet: whom a skipped line is counted for.
  package mutating func currentSource() -> Int32 { sources.current().index }

  private mutating func parseBody(_ body: PaddedBytes, number: Int64, into batch: inout HopBatch) -> LineOutcome {
    guard body.count > 0 else { return .skipped }
    fields.reset()
    return body[0] == UInt8(ascii: "{")
      ? parseJSON(body, number: number, into: &batch) : parseText(body, number: number, into: &batch)
  }

  @inline(__always)
  private mutating func parseJSON(_ body: PaddedBytes, number: Int64, into batch: inout HopBatch) -> LineOutcome {
    switch scanner.scan(body, into: &fields) {
    case .object: finish(body, form: nil, number: number, into: &batch)
    case .notObject: .skipped
    case .malformed(let offset): .rejected(.malformedJSON(offset: offset))
    }
  }

  private mutating func parseText(_ body: PaddedBytes, number: Int64, into batch: inout HopBatch) -> LineOutcome {
    let format = body.withSpan { formats.match($0, into: &fields) }
    if let format { return finish(body, form: format.startTimeForm, number: number, into: &batch) }
    return .skipped
  }

  /// How many known fields make an object an access log line: other JSON logs share one or two names with it.
  private static let accessLogFields = 4

  private mutating func finish(
    _ body: PaddedBytes, form: TimestampForm?, number: Int64, into batch: inout HopBatch
  ) -> LineOutcome {
    guard fields.recognised >= HopParser.accessLogFields else { return .skipped }
    var values = LineFields(line: body)
    guard let slice = values.slice(.startTime, fields) else { return .rejected(.noStartTime) }
    guard let start = HopParser.startTime(body.slice(slice.range), form) else { return .rejected(.badStartTime) }
    let source = sources.source(&values, fields)
    let context = HopBuilder.Context(source: source.index, workload: source.workload, line: number, start: start)
    var row = builder.row(&values, fields, context, into: &batch)
    row.identity = identity(of: body, row, source)
    batch.rows.append(row)
    return .hop(repaired: false)
  }

  @inline(__always)
  private static func startTime(_ text: PaddedBytes, _ form: TimestampForm?) -> Timestamp? {
    if let time = Timestamp.parse(text) { return time }
    guard let form else { return nil }
    return text.withSpan { form.parse($0) }.map {
      Timestamp(microseconds: $0.microseconds, precisionMicroseconds: $0.precisionMicroseconds)
    }
  }

  private mutating func identity(
    of body: PaddedBytes, _ row: HopRow, _ source: SourceResolver.Resolved
  ) -> (high: UInt64, low: UInt64) {
    var hash = Hash128.of(body, seed: source.seed)
    let end = row.startMicroseconds &+ max(0, row.durationMicroseconds)
    let earlier = occurrences.occurrence(
      of: hash, source: Int(row.source), start: row.startMicroseconds, end: end)
    if earlier > 0 { hash = hash.mixed(with: UInt64(earlier)) }
    return (hash.high, hash.low)
  }
}
