internal import AccessLog
internal import TraceStore

/// One input while it is read: its bytes, its lines, its parser.
final class OpenInput {
  let input: InputList.Input
  /// Where it comes from a feed.
  private(set) var fed: FedInput?
  let reader: ByteReader
  private let decoder: InputDecoder
  private var state: InputState
  private let makeParser: (_ logName: String?, Origin<String>?) -> InputState
  /// Lines of the members of a tar that have ended.
  private var earlierLines: Int64 = 0
  private var earlierPosition = Int64.min

  /// When a feed's input had nothing more to read.
  private var silentSince: ContinuousClock.Instant?
  /// Nothing has come for longer than Envoy keeps lines back (10 s).
  var isQuiet: Bool { silentSince.map { ContinuousClock.now - $0 > .seconds(Limits.quietSeconds) } ?? false }

  var isStream: Bool { reader.size == nil }
  /// Lines so far.
  var lines: Int64 { earlierLines + state.lines }
  /// The end of the last hop, microseconds since the epoch: how far the log has come, for logs are written in the
  /// order of ends.
  var position: Int64 { max(earlierPosition, state.position) }

  /// - Throws: `InputError` where it cannot be opened.
  init(
    _ input: InputList.Input, sparing store: StoreFiles, tables: ParserTables, flags: Origin<String>,
    names: FieldMap?, format: TextFormat?
  ) throws(InputError) {
    self.input = input
    reader = try ByteReader(input, sparing: store)
    decoder = InputDecoder(reader, path: input.path)
    makeParser = { logName, identity in
      let parser = HopParser(
        tables: tables, logName: logName, fileIdentity: identity, flags: flags, names: names, format: format)
      return InputState(parser: parser, tables: tables)
    }
    state = makeParser(input.logName, input.identity)
  }

  /// Reads what a feed gives.
  init(_ fed: FedInput, tables: ParserTables, names: FieldMap?, format: TextFormat?) {
    self.fed = fed
    input = InputList.Input(path: fed.name, name: FileName(fed.name), logName: nil)
    reader = fed.reader
    decoder = InputDecoder(plain: fed.source)
    makeParser = { _, _ in
      let parser = HopParser(
        tables: tables, logName: nil, flags: fed.identity, names: names, format: format)
      return InputState(parser: parser, tables: tables, fed: fed)
    }
    state = makeParser(nil, nil)
  }

  /// Reads one block, waiting so long for a stream, and parses the lines that it completes.
  func step(waiting milliseconds: Int32, into work: inout IngestWork) throws(InputError) -> ByteReader.Read {
    switch try state.step(decoder, waiting: milliseconds, into: &work) {
    case .bytes(let count):
      silentSince = nil
      return .bytes(count)
    case .idle:
      if fed != nil, silentSince == nil { silentSince = ContinuousClock.now }
      return .idle
    case .end: return .end
    case .member(let path):
      begin(path)
      return .bytes(0)
    }
  }

  /// The next member of a tar is a log of its own.
  private func begin(_ path: String) {
    if state.lines > 0 { state.registerSource() }
    hasMembers = true
    earlierLines += state.lines
    earlierPosition = max(earlierPosition, state.position)
    let identity = PathNames.identity(of: path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let log = Origin<String>(fileName: name) == nil ? path : name
    let logName = log.hasSuffix(".gz") ? String(log.dropLast(3)) : log
    state = makeParser(identity == nil ? logName : nil, identity)
  }

  /// A log without a line is a source, too: "nothing was logged" is an answer.
  func registerSource() { if !hasMembers || state.lines > 0 { state.registerSource() } }

  private var hasMembers = false
}

/// How far an input has been read. A value of its own, so that the check for overlapping access to it is one for each
/// block, not five for each line.
private struct InputState: ~Copyable {
  private var buffer = LineBuffer()
  private var parser: HopParser
  private let tables: ParserTables
  private(set) var lines: Int64 = 0
  private(set) var position = Int64.min

  /// A feed's lines have the feed's own time before them. A last line without a line feed is half of one, and comes again
  /// whole, unless the feed knows better.
  private let fed: FedInput?

  init(parser: consuming HopParser, tables: ParserTables, fed: FedInput? = nil) {
    self.parser = parser
    self.tables = tables
    self.fed = fed
  }

  mutating func step(
    _ reader: InputDecoder, waiting milliseconds: Int32, into work: inout IngestWork
  ) throws(InputError) -> InputDecoder.Read {
    var read = InputDecoder.Read.end
    // Safe: `space` is the line buffer's own free room; the reader fills it within this call and keeps no pointer.
    _ = try unsafe buffer.fill { (space) throws(InputError) in
      read = try unsafe reader.read(into: space, waiting: milliseconds)
      if case .bytes(let count) = read { return count }
      return 0
    }
    while let line = buffer.next() { parse(line, into: &work) }
    switch read {
    case .bytes, .idle: break
    case .member, .end: finish(&work)
    }
    return read
  }

  private mutating func finish(_ work: inout IngestWork) {
    if let line = buffer.last(), fed?.takesTornEnd() ?? true { parse(line, into: &work) }
    if let outcome = parser.finish(into: &work.batch) {
      work.uncountSkipped(source: parser.currentSource())
      count(outcome, nil, &work)
    }
    while let next = parser.parseNext(number: lines, into: &work.batch) { count(next, nil, &work) }
  }

  mutating func registerSource() { _ = parser.currentSource() }

  private mutating func parse(_ line: LineBuffer.Line, into work: inout IngestWork) {
    lines += 1
    switch line {
    case .oversize:
      count(.rejected(.oversize), nil, &work)
    case .line(let bytes):
      let rows = work.batch.rows.count
      count(parser.parse(bytes, number: lines, into: &work.batch), bytes, &work)
      while let next = parser.parseNext(number: lines, into: &work.batch) { count(next, nil, &work) }
      if work.batch.rows.count > rows, let row = work.batch.rows.last {
        position = row.startMicroseconds &+ max(0, row.durationMicroseconds)
      }
    }
  }

  private mutating func count(_ outcome: LineOutcome, _ bytes: PaddedBytes?, _ work: inout IngestWork) {
    let source = parser.currentSource()
    // The document's last line was counted as one that goes on.
    if case .rejected(.cutDocument) = outcome { work.uncountSkipped(source: source) }
    work.count(outcome, source: source)
    guard case .rejected(let reason) = outcome, work.rejected.count < Ingest.shownRejections else { return }
    work.rejected.append(
      RejectedLine(
        source: tables.source(source).name, line: lines, reason: reason.description,
        excerpt: bytes.map { InputState.excerpt($0, isStamped: fed != nil) } ?? ""))
  }

  /// The first characters of a line, harmless.
  private static func excerpt(_ line: PaddedBytes, isStamped: Bool) -> String {
    let start = isStamped ? line.withSpan { FedInput.textStart($0) ?? 0 } : 0
    let head = line.slice(start..<min(line.count, start + 400))
    return Shown.text(String(decoding: head.copy, as: UTF8.self), limit: 120)
  }
}
