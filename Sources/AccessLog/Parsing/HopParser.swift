/// Lines of one input in, rows of a batch out.
///
/// Per line: envelope off, scan, time, source, values, identity. One parser per input, for it learns the input's
/// format and remembers its last lines; the tables may be shared by inputs that are read one after the other.
package struct HopParser: ~Copyable {
  private var builder: HopBuilder
  private var times = TimestampMemo()
  private let keys = KeyTable.standard
  private var stripper: EnvelopeStripper
  private var scanner: JSONLineScanner
  private var formats: TextFormats
  private var sources: SourceResolver
  private var occurrences = OccurrenceWindow()
  private var numbers = LineNumbers()
  private let tables: ParserTables
  private var fields = FieldTable()
  private let names: FieldMap?
  private let identities: LineIdentities
  /// The user's own keys have a time in a form of their own.
  private let hasOwnTime: Bool
  /// Lines have no place in a file where they could be looked up.
  private let isStream: Bool

  /// `logName` is the log's file name without folders and .gz, nil for a stream; `fileIdentity` what its place says, nil where
  /// its name is to be asked; `flags` what the user says about whose
  /// log it is; `names` a user's own JSON keys; `format` a user's own text format, tried before the known ones.
  package init(
    tables: ParserTables, logName: String?, fileIdentity: Origin<String>? = nil,
    flags: Origin<String> = Origin(), names: FieldMap? = nil, format: TextFormat? = nil
  ) {
    builder = HopBuilder(tables: tables)
    identities = tables.identities
    self.tables = tables
    self.names = names
    isStream = logName == nil && fileIdentity == nil
    hasOwnTime = names?.startTimeForm != nil
    scanner = JSONLineScanner(names: names, acceptsOctalEscapes: true)
    stripper = EnvelopeStripper(own: format)
    formats = TextFormats(own: format.map { [$0] } ?? [])
    sources = SourceResolver(flags: flags, logName: logName, fileIdentity: fileIdentity, tables: tables)
  }

  /// Parses one line, given without its line feed and with its 1-based number in the input. An envelope may hold several
  /// records; `parseNext` gives the others.
  package mutating func parse(_ line: PaddedBytes, number: Int64, into batch: inout HopBatch) -> LineOutcome {
    if !stripper.isBusy {
      let body = Body(bytes: line, number: number, anomalies: [])
      fields.reset()
      if scanner.predict(line, into: &fields) { return finishObject(body, into: &batch) }
      if PlainHead.isAt(line, keys) {
        return take(scanner.fullScan(line, into: &fields), of: body, into: &batch)
      }
    }
    let line = number == 1 ? HopParser.withoutByteOrderMark(line) : line
    let stripped = line.withSpan { stripper.strip($0) }
    if !stripper.objects.isEmpty { takeObjects(into: &batch) }
    return parse(stripped, of: line, number: number, into: &batch)
  }

  /// The next record of the line that was parsed last; nil where there is none (only documents have more than one).
  package mutating func parseNext(number: Int64, into batch: inout HopBatch) -> LineOutcome? {
    guard stripper.hasMore, let stripped = stripper.nextBody() else { return nil }
    return PaddedBytes.withCopy(of: []) { parse(stripped, of: $0, number: number, into: &batch) }
  }

  /// Ends the input. Where it ends within a line of several parts, this is what becomes of the last of them, which was
  /// said to be skipped before; nil elsewhere. The parts are no hop even where they can be read as one: with the rest
  /// the line would be another one, and be counted twice.
  package mutating func finish(into batch: inout HopBatch) -> LineOutcome? {
    let left = stripper.abandonParts()
    if !stripper.objects.isEmpty { takeObjects(into: &batch) }
    return left.map { .rejected($0 == .tooLong ? .oversize : .unfinished) }
  }

  /// Whose objects they are is what is said of the input's mesh cluster.
  @inline(never)
  private mutating func takeObjects(into batch: inout HopBatch) {
    let source = currentSource()
    let meshCluster = tables.source(source).origin.meshCluster
    batch.objectSources.insert(source)
    for var object in stripper.takeObjects() {
      object.meshCluster = meshCluster
      batch.objects.append(object)
    }
  }

  /// The source of the last line, or of the input where it has none yet: whom a skipped line is counted for.
  package mutating func currentSource() -> Int32 { sources.current().index }

  private static func withoutByteOrderMark(_ line: PaddedBytes) -> PaddedBytes {
    let hasMark = line.count >= 3 && line[0] == 0xEF && line[1] == 0xBB && line[2] == 0xBF
    return hasMark ? line.slice(3..<line.count) : line
  }

  private mutating func parse(
    _ stripped: Stripped, of line: PaddedBytes, number: Int64, isBare: Bool = false,
    into batch: inout HopBatch
  ) -> LineOutcome {
    if stripped.identityChanged { sources.setEnvelope(stripper.origin) }
    let anomalies: Anomalies = stripped.hasReplacedText ? .replacedText : []
    switch stripped.body {
    case .range(let range):
      let body = Body(bytes: line.slice(range), number: number, anomalies: anomalies, isBare: isBare)
      return parse(body, into: &batch)
    case .decoded:
      return PaddedBytes.withCopy(of: stripper.decoded) { bytes in
        parse(Body(bytes: bytes, number: number, anomalies: anomalies, isBare: isBare), into: &batch)
      }
    case .pending: return .skipped
    case .tooLong: return .rejected(.oversize)
    case .cut: return .rejected(.cutDocument)
    }
  }

  /// A line without its envelope.
  private struct Body {
    var bytes: PaddedBytes
    var number: Int64
    var anomalies: Anomalies
    /// There is no more to it than its fields.
    var isBare = false
  }

  private mutating func parse(_ body: Body, into batch: inout HopBatch) -> LineOutcome {
    guard body.bytes.count > 0 else { return .skipped }
    fields.reset()
    return body.bytes[0] == UInt8(ascii: "{") ? parseJSON(body, into: &batch) : parseText(body, into: &batch)
  }

  @inline(__always)
  private mutating func parseJSON(_ body: Body, into batch: inout HopBatch) -> LineOutcome {
    take(scanner.scan(body.bytes, into: &fields), of: body, into: &batch)
  }

  /// What becomes of a line that the scanner has been over.
  @inline(__always)
  private mutating func take(_ scanned: JSONLineScanner.Outcome, of body: Body, into batch: inout HopBatch)
    -> LineOutcome
  {
    switch scanned {
    case .object where !scanner.foundWriter: return finishObject(body, into: &batch)
    case .object: return reconsider(body, into: &batch) ?? finishObject(body, into: &batch)
    case .notObject: return skipped(body)
    case .malformed(let offset):
      if let outcome = reconsider(body, into: &batch) { return outcome }
      if let outcome = parseAsText(body, into: &batch) ?? parseRepaired(body, into: &batch) { return outcome }
      return isNoise(body) ? skipped(body) : .rejected(.malformedJSON(offset: offset))
    }
  }

  /// A line that begins as an access log and has more to it: see `EnvelopeStripper.reconsider`.
  @inline(never)
  private mutating func reconsider(_ body: Body, into batch: inout HopBatch) -> LineOutcome? {
    guard !body.isBare, let found = body.bytes.withSpan({ stripper.reconsider($0) }) else { return nil }
    return parse(found, of: body.bytes, number: body.number, isBare: true, into: &batch)
  }

  private mutating func parseText(_ body: Body, into batch: inout HopBatch) -> LineOutcome {
    if let outcome = parseAsText(body, into: &batch) { return outcome }
    // A line that starts with a space, or JSON that is no object.
    switch scanner.scan(body.bytes, into: &fields) {
    case .object: return finishObject(body, into: &batch)
    case .notObject: return skipped(body)
    case .malformed:
      if isNoise(body) { return skipped(body) }
      return .rejected(body.bytes.withSpan { AccessLogText.isBehindText($0) } ? .unread : .unrecognisedText)
    }
  }

  private mutating func parseAsText(_ body: Body, into batch: inout HopBatch) -> LineOutcome? {
    fields.reset()
    guard body.bytes.withSpan({ formats.match($0, into: &fields) }) else { return nil }
    return finish(body, form: formats.lastFormat.startTimeForm, into: &batch)
  }

  /// A JSON template whose values were not escaped; read by the key order of this input's good lines.
  private mutating func parseRepaired(_ body: Body, into batch: inout HopBatch) -> LineOutcome? {
    for order in scanner.keyOrders + [TemplateKeys.asm] {
      fields.reset()
      let repair = Repair(keyOrder: order, fieldMap: names)
      guard body.bytes.withSpan({ repair.read($0, into: &fields) }) else { continue }
      var repaired = body
      repaired.anomalies.insert(.repaired)
      return finish(repaired, form: nil, into: &batch)
    }
    return nil
  }

  /// What is no access log, unless one stands within it behind something that is not known.
  @inline(never)
  private mutating func skipped(_ body: Body) -> LineOutcome {
    if numbers.isMixed {
      numbers.skip(.init(source: sources.current().index, address: ""), generation: sources.generation)
    }
    return body.bytes.withSpan { AccessLogText.isWithin($0) } ? .rejected(.unread) : .skipped
  }

  private func isNoise(_ body: Body) -> Bool {
    body.bytes.withSpan { Noise.classify($0) } == .skipped
  }

  @inline(__always)
  private mutating func finishObject(_ body: Body, into batch: inout HopBatch) -> LineOutcome {
    hasOwnTime ? finishOwn(body, into: &batch) : finish(body, form: nil, into: &batch)
  }

  @inline(never)
  private mutating func finishOwn(_ body: Body, into batch: inout HopBatch) -> LineOutcome {
    finish(body, form: names?.startTimeForm, into: &batch)
  }

  /// How many known fields make an object an access log line: other JSON logs share one or two names with it.
  private static let accessLogFields = 4

  private mutating func finish(
    _ body: Body, form: TimestampForm?, into batch: inout HopBatch
  ) -> LineOutcome {
    guard fields.recognised >= HopParser.accessLogFields else { return skipped(body) }
    if batch.rows.isEmpty { batch.reserve() }
    var values = LineFields(line: body.bytes, isASCII: fields.isASCII)
    values.anomalies = body.anomalies
    let pathHash = builder.prefetchPath(values, fields)
    guard let slice = values.slice(.startTime, fields) ?? logTime(values) else { return withoutStart() }
    guard let start = startTime(body.bytes.slice(slice.range), form) else {
      return .rejected(.badStartTime)
    }
    let source = sources.source(&values, fields)
    let duration = HopBuilder.duration(&values, fields)
    let identity = identity(of: body.bytes, source, start, duration)
    let context = HopBuilder.Context(
      source: source.index, workload: source.workload, line: body.number, start: start,
      duration: duration, identity: identity, pathHash: pathHash)
    var row = builder.row(&values, fields, context, into: &batch)
    if isStream, source.isUnnamed || source.place > 0 || numbers.isMixed {
      row.line = number(of: row, source)
    }
    batch.rows.append(row)
    return .hop(repaired: body.anomalies.contains(.repaired))
  }

  /// A line's number in its own source's log.
  @inline(never)
  private mutating func number(of row: HopRow, _ source: SourceResolver.Resolved) -> Int64 {
    let address = source.isUnnamed ? tables.ownAddress(ofSet: row.attributes) : ""
    let log = LineNumbers.Log(source: source.index, address: address)
    // Who has no address says nothing of whether there are several.
    if source.isUnnamed, address.isEmpty, !numbers.isMixed { return row.line }
    let first = source.place > 0 ? sources.first : nil
    return numbers.number(log, after: first, input: row.line, generation: sources.generation)
  }

  /// `@timestamp` of an object that a proxy wrote: Contour calls its start so. Beside the fields of an app it is the time
  /// of a log's tools.
  @inline(never)
  private func logTime(_ values: LineFields) -> FieldSlice? {
    let isProxy = [.upstreamHost, .upstreamCluster, .responseFlags, .downstreamRemoteAddress].contains {
      (field: Field) in
      fields[field].kind != .absent
    }
    return isProxy ? values.slice(.logTime, fields) : nil
  }

  /// A time alone does not make an object of an app an access log.
  private func withoutStart() -> LineOutcome {
    let isKnown = fields[.logTime].kind == .absent || fields.recognised > HopParser.accessLogFields
    return isKnown ? .rejected(.noStartTime) : .skipped
  }

  @inline(__always)
  private mutating func startTime(_ text: PaddedBytes, _ form: TimestampForm?) -> Timestamp? {
    guard let form, let instant = text.withSpan({ form.parse($0) }) else { return times.parse(text) }
    return Timestamp(
      microseconds: instant.microseconds, precisionMicroseconds: instant.precisionMicroseconds)
  }

  @inline(__always)
  private mutating func identity(
    of body: PaddedBytes, _ source: SourceResolver.Resolved, _ start: Timestamp,
    _ duration: (value: Int64, precision: Int32)
  ) -> (high: UInt64, low: UInt64) {
    var name = identities.name(of: body, source.names)
    let times = OccurrenceWindow.Times(
      start: start.microseconds, end: start.microseconds &+ max(0, duration.value),
      precision: Int64(start.precisionMicroseconds) + Int64(duration.precision))
    let log = OccurrenceWindow.Log(
      place: Int(source.place), generation: sources.generation, seed: source.names.place)
    let earlier = occurrences.occurrence(of: identities.known(name, source.names), source: log, at: times)
    if earlier > 0 { name = identities.name(name, after: earlier) }
    return (name.high, name.low)
  }
}
