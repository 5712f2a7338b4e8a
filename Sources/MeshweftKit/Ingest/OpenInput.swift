internal import AccessLog

/// One input while it is read: its bytes, its lines, its parser.
final class OpenInput {
  let input: InputList.Input
  let reader: ByteReader
  private var buffer = LineBuffer()
  private var parser: HopParser
  /// Lines so far.
  private(set) var lines: Int64 = 0
  /// The end of the last hop, microseconds since the epoch: how far the log has come, for logs are written in the
  /// order of ends.
  private(set) var position = Int64.min

  var isStream: Bool { reader.size == nil }

  /// - Throws: `InputError` where it cannot be opened.
  init(
    _ input: InputList.Input, tables: ParserTables, flags: InputIdentity, names: FieldMap?, format: TextFormat?
  ) throws(InputError) {
    self.input = input
    reader = try ByteReader(path: input.path)
    parser = HopParser(tables: tables, logName: input.logName, flags: flags, names: names, format: format)
  }

  /// One line's outcome, with what a rejection is shown by.
  typealias Take = (_ outcome: LineOutcome, _ source: Int32, _ line: Int64, _ bytes: PaddedBytes?) -> Void

  /// Reads one block and parses the lines that it completes.
  ///
  /// - Parameter batch: told before each line, so that the caller may hand it over and give another.
  func step(
    waiting milliseconds: Int32, into batch: inout HopBatch, _ take: Take
  ) throws(InputError) -> ByteReader.Read {
    var read = ByteReader.Read.end
    _ = try unsafe buffer.fill { (space) throws(InputError) in
      read = try unsafe reader.read(into: space, waiting: milliseconds)
      if case .bytes(let count) = read { return count }
      return 0
    }
    while let line = buffer.next() { parse(line, into: &batch, take) }
    if case .end = read, let line = buffer.last() { parse(line, into: &batch, take) }
    return read
  }

  private func parse(_ line: LineBuffer.Line, into batch: inout HopBatch, _ take: Take) {
    lines += 1
    switch line {
    case .oversize:
      take(.rejected(.oversize), parser.currentSource(), lines, nil)
    case .line(let bytes):
      let rows = batch.rows.count
      let outcome = parser.parse(bytes, number: lines, into: &batch)
      take(outcome, parser.currentSource(), lines, bytes)
      while let next = parser.parseNext(number: lines, into: &batch) {
        take(next, parser.currentSource(), lines, nil)
      }
      if batch.rows.count > rows, let row = batch.rows.last {
        position = row.startMicroseconds &+ max(0, row.durationMicroseconds)
      }
    }
  }

  /// A log without a line is a source, too: "nothing was logged" is an answer.
  func registerSource() { _ = parser.currentSource() }
}
