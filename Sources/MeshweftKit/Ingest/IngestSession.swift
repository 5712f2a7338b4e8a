internal import AccessLog
internal import Dispatch
internal import Synchronization
internal import TraceStore

/// One run over a list of inputs.
final class IngestSession {
  private static let flushInterval = Duration.milliseconds(Limits.flushMilliseconds)
  /// Milliseconds for which a stream is polled before flushing and stopping are considered.
  private static let pollMilliseconds: Int32 = 200

  private let writer: StoreWriter
  private let options: IngestOptions
  private let list: InputList
  private let stop: StopFlag
  private let report: (IngestProgress) -> Void
  private let tables: ParserTables
  private let queue = BatchQueue<WriterWork>(capacity: Limits.queuedBatches)
  private let early: EarlyLinks?
  private let failure = Failure()

  private var work = IngestWork()
  private var firstRowTime: ContinuousClock.Instant?
  private var lines: Int64 = 0
  private var bytes: Int64 = 0
  private var errors: [InputError] = []
  private var lastReport = ContinuousClock.now
  private let began = ContinuousClock.now
  private let totalBytes: Int64?
  /// Inputs that are read side by side and have not ended, and whether others are to be opened after them.
  private var opened: [OpenInput] = []
  private var isLastGroup = false

  /// `database`: that the writer writes.
  init(
    writer: StoreWriter, database: String, options: IngestOptions, list: InputList, stop: StopFlag,
    report: @escaping (IngestProgress) -> Void
  ) {
    self.writer = writer
    self.options = options
    self.list = list
    tables = ParserTables(sourceLimit: options.tableSources)
    self.stop = stop
    self.report = report
    totalBytes = InputSizes.total(of: list.inputs)
    early =
      options.correlates
      ? EarlyLinks(database: database, maximumHops: options.unitHops) { [queue] in queue.put(.links($0)) }
      : nil
  }

  /// Reads all inputs, with the user's own JSON keys and text format where there are any.
  func run(_ names: FieldMap?, _ format: TextFormat?) throws -> IngestSummary {
    let failure = failure
    let committer = Committer(
      writer: writer, queue: queue, early: early, shownSources: options.summarySources
    ) { failure.set($0) }
    committer.start()
    early?.start()
    errors = list.errors
    var waiting = list.inputs[...]
    while !waiting.isEmpty, !isStopped {
      let group = waiting.prefix(Limits.openInputs)
      waiting = waiting.dropFirst(group.count)
      isLastGroup = waiting.isEmpty
      readTogether(group.compactMap { open($0, names, format) })
    }
    handOver()
    early?.finish()
    queue.close()
    var summary = committer.finish()
    if let error = failure.error { throw error }
    summary.inputErrors = errors
    summary.ignoredFiles = list.ignoredFiles
    summary.repeatedFiles = list.repeatedFiles
    summary.wasInterrupted = stop.isRequested
    return summary
  }

  private var isStopped: Bool { stop.isRequested || failure.error != nil }

  private func open(_ input: InputList.Input, _ names: FieldMap?, _ format: TextFormat?) -> OpenInput? {
    do throws(InputError) {
      return try OpenInput(input, tables: tables, flags: options.identity, names: names, format: format)
    } catch {
      errors.append(error)
      return nil
    }
  }

  /// Reads inputs block by block, always the one whose log has come least far.
  ///
  /// So a batch holds one stretch of time of all logs, and the store appends to its newest pages instead of writing
  /// all over the table: for 15 logs of one mesh this saves half of the writer's time. What is stored is the same.
  /// Streams are read after the files: nobody can wait for two of them.
  private func readTogether(_ inputs: [OpenInput]) {
    opened = inputs
    while !isStopped, let next = opened.indices.filter({ !opened[$0].isStream }).min(by: isBehind) {
      if !advance(opened[next]) { opened.remove(at: next) }
    }
    while !isStopped, let stream = opened.first {
      if !advance(stream) { opened.removeFirst() }
    }
    inputs.forEach { $0.registerSource() }
  }

  private func isBehind(_ one: Int, _ other: Int) -> Bool { opened[one].position < opened[other].position }

  /// How far all logs have come.
  private var frontier: Int64 {
    isLastGroup ? opened.map(\.position).min() ?? .max : .min
  }

  /// One block of an input; false when there is no more.
  private func advance(_ input: OpenInput) -> Bool {
    let before = input.reader.consumed
    defer {
      bytes += input.reader.consumed - before
      progress()
    }
    do throws(InputError) {
      let lines = input.lines
      let read = try input.step(waiting: IngestSession.pollMilliseconds, into: &work)
      self.lines += input.lines - lines
      if input.isStream || isFull { flush(read) }
      if case .end = read { return false }
      return true
    } catch {
      errors.append(error)
      return false
    }
  }
}

extension IngestSession {
  private var isFull: Bool {
    work.batch.rows.count >= options.batchRows || work.batch.inlineBytes.count >= Limits.batchTextBytes
      || tables.unsentTextBytes >= Limits.batchTextBytes || tables.isFullOfSources
  }

  /// Hands over what a stream has waited with for long enough, or all of it when nothing more comes.
  private func flush(_ read: ByteReader.Read) {
    if isFull { return handOver() }
    guard !work.isEmpty else { return }
    let now = ContinuousClock.now
    let since = firstRowTime ?? now
    firstRowTime = since
    if case .bytes = read, now - since < IngestSession.flushInterval { return }
    handOver()
  }

  private func handOver() {
    firstRowTime = nil
    tables.finish(&work.batch)
    work.frontier = frontier
    queue.put(.batch(work))
    work = IngestWork()
  }

  private func progress() {
    let now = ContinuousClock.now
    guard now - lastReport >= .milliseconds(100) else { return }
    lastReport = now
    report(IngestProgress(lines: lines, bytes: bytes, totalBytes: totalBytes, seconds: (now - began).seconds))
  }
}

/// The writing thread's error, for the reading thread to stop at.
private final class Failure: Sendable {
  private let state = Mutex<StoreError?>(nil)

  var error: StoreError? { state.withLock { $0 } }
  func set(_ error: StoreError) { state.withLock { $0 = error } }
}
