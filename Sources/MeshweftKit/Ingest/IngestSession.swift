internal import AccessLog
internal import Dispatch
internal import Synchronization
internal import TraceStore

/// One run over a list of inputs.
///
/// Counts travel with the batch that they belong to and are added when it is committed, so that what is reported
/// is what is stored.
final class IngestSession {
  /// Rows in a batch: large enough that sorting makes the store's writes sequential, small enough for memory.
  private static let batchRows = 1 << 16
  /// How long a row of a stream may wait before its batch is handed over.
  private static let flushInterval = Duration.milliseconds(400)
  /// Milliseconds for which a stream is polled before flushing and stopping are considered.
  private static let pollMilliseconds: Int32 = 200
  /// Batches between parser and writer, beside the one that each of them holds.
  private static let queuedBatches = 1

  /// A batch and what became of the lines that were read for it.
  struct Work: Sendable {
    var batch = HopBatch()
    /// By source index; hops are counted by the store.
    var tallies: [Int32: IngestCounts] = [:]
    var rejected: [RejectedLine] = []
  }

  private let writer: StoreWriter
  private let options: IngestOptions
  private let list: InputList
  private let stop: StopFlag
  private let report: (IngestProgress) -> Void
  private let tables = ParserTables()
  private let queue = BatchQueue<Work>(capacity: IngestSession.queuedBatches)
  private let failure = Failure()

  private var work = Work()
  private var firstRowTime: ContinuousClock.Instant?
  private var lines: Int64 = 0
  private var bytesBefore: Int64 = 0
  private var lastReport = ContinuousClock.now
  private let began = ContinuousClock.now
  private let totalBytes: Int64?

  init(
    writer: StoreWriter, options: IngestOptions, list: InputList, stop: StopFlag,
    report: @escaping (IngestProgress) -> Void
  ) {
    self.writer = writer
    self.options = options
    self.list = list
    self.stop = stop
    self.report = report
    totalBytes = InputSizes.total(of: list.inputs.map(\.path))
  }

  func run() throws -> IngestSummary {
    let names = try options.parsedFieldMap()
    let format = try options.parsedFormat()
    let failure = failure
    let committer = Committer(writer: writer, queue: queue) { failure.set($0) }
    committer.start()
    var errors = list.errors
    for input in list.inputs where !stop.isRequested && !hasFailed {
      do {
        try read(input, names, format)
      } catch let error {
        errors.append(error)
      }
    }
    handOver()
    queue.close()
    var summary = committer.finish()
    if let error = failure.error { throw error }
    summary.inputErrors = errors
    summary.ignoredFiles = list.ignoredFiles
    summary.wasInterrupted = stop.isRequested
    return summary
  }

  private var hasFailed: Bool { failure.error != nil }

  private func read(
    _ input: InputList.Input, _ names: FieldMap?, _ format: TextFormat?
  ) throws(InputError) {
    let reader = try ByteReader(path: input.path)
    var parser = HopParser(
      tables: tables, logName: input.logName, flags: options.identity, names: names,
      format: format)
    var buffer = LineBuffer()
    var number: Int64 = 0
    defer { bytesBefore += reader.consumed }
    do {
      reading: while !stop.isRequested && !hasFailed {
        let read = try readBlock(reader, &buffer)
        switch read {
        case .bytes:
          while let line = buffer.next() { take(line, &number, &parser) }
          if reader.size == nil { flushIfDue() }
        case .idle:
          flushIfDue(always: true)
        case .end:
          break reading
        }
        progress(reader)
      }
    } catch {
      // What is in the buffer is the beginning of a line that never came whole.
      endInput(&parser, number)
      throw error
    }
    if !stop.isRequested, let line = buffer.last() { take(line, &number, &parser) }
    endInput(&parser, number)
  }

  private func readBlock(_ reader: ByteReader, _ buffer: inout LineBuffer) throws(InputError) -> ByteReader.Read {
    var read = ByteReader.Read.end
    _ = try unsafe buffer.fill { (space) throws(InputError) in
      read = try unsafe reader.read(into: space, waiting: IngestSession.pollMilliseconds)
      if case .bytes(let count) = read { return count }
      return 0
    }
    return read
  }
}

extension IngestSession {
  private func take(_ line: LineBuffer.Line, _ number: inout Int64, _ parser: inout HopParser) {
    number += 1
    lines += 1
    switch line {
    case .oversize:
      count(.rejected(.oversize), number, nil, &parser)
    case .line(let bytes):
      let outcome = parser.parse(bytes, number: number, into: &work.batch)
      count(outcome, number, bytes, &parser)
      while let next = parser.parseNext(number: number, into: &work.batch) {
        lines += 1
        count(next, number, nil, &parser)
      }
    }
    let isFull =
      work.batch.rows.count >= IngestSession.batchRows || work.batch.inlineBytes.count >= Limits.batchTextBytes
      || tables.unsentTextBytes >= Limits.batchTextBytes
    if isFull { handOver() }
  }

  private func endInput(_ parser: inout HopParser, _ number: Int64) {
    // A log without a line is a source, too: "nothing was logged" is an answer.
    _ = parser.currentSource()
  }

  private func count(_ outcome: LineOutcome, _ number: Int64, _ bytes: PaddedBytes?, _ parser: inout HopParser) {
    let source = parser.currentSource()
    switch outcome {
    case .hop(let repaired):
      work.tallies[source, default: IngestCounts()].lines += 1
      if repaired { work.tallies[source, default: IngestCounts()].repaired += 1 }
    case .skipped:
      work.tallies[source, default: IngestCounts()].lines += 1
      work.tallies[source, default: IngestCounts()].skipped += 1
    case .rejected(let reason):
      work.tallies[source, default: IngestCounts()].lines += 1
      work.tallies[source, default: IngestCounts()].rejected += 1
      guard work.rejected.count < Ingest.shownRejections else { return }
      work.rejected.append(
        RejectedLine(
          source: tables.source(source).name, line: number, reason: reason.description,
          excerpt: bytes.map(IngestSession.excerpt) ?? ""))
    }
  }

  /// The first characters of a line, harmless.
  private static func excerpt(_ line: PaddedBytes) -> String {
    let head = line.slice(0..<min(line.count, 400))
    let text = head.withSpan { span in
      var bytes: [UInt8] = []
      for index in span.indices { bytes.append(span[index]) }
      return String(decoding: bytes, as: UTF8.self)
    }
    return Shown.text(text, limit: 120)
  }

  private func flushIfDue(always: Bool = false) {
    guard !work.tallies.isEmpty else {
      firstRowTime = nil
      return
    }
    let now = ContinuousClock.now
    guard let since = firstRowTime else {
      firstRowTime = now
      if always { handOver() }
      return
    }
    if always || now - since >= IngestSession.flushInterval { handOver() }
  }

  private func handOver() {
    firstRowTime = nil
    tables.finish(&work.batch)
    queue.put(work)
    work = Work()
    work.batch.rows.reserveCapacity(IngestSession.batchRows)
  }

  private func progress(_ reader: ByteReader) {
    let now = ContinuousClock.now
    guard now - lastReport >= .milliseconds(100) else { return }
    lastReport = now
    report(
      IngestProgress(
        lines: lines, bytes: bytesBefore + reader.consumed, totalBytes: totalBytes, seconds: (now - began).seconds))
  }
}

/// The writing thread's error, for the reading thread to stop at.
private final class Failure: Sendable {
  private let state = Mutex<StoreError?>(nil)

  var error: StoreError? { state.withLock { $0 } }
  func set(_ error: StoreError) { state.withLock { $0 = error } }
}
