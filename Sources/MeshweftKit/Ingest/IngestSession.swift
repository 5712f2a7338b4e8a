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
  private var notes: [String] = []
  private let store: StoreFiles
  private var lastReport = ContinuousClock.now
  private let began = ContinuousClock.now
  private let totalBytes: Int64?
  /// Inputs that are read side by side and have not ended, and whether others are to be opened after them.
  private var opened: [OpenInput] = []
  private var isLastGroup = false
  /// Of a feed.
  private var logs: IngestProgress.Logs?
  private var feed: (any InputFeed)?

  /// `database`: that the writer writes.
  init(
    writer: StoreWriter, database: String, options: IngestOptions, list: InputList, stop: StopFlag,
    report: @escaping (IngestProgress) -> Void
  ) {
    self.writer = writer
    self.options = options
    self.list = list
    store = StoreFiles(database: database)
    tables = ParserTables(sourceLimit: options.tableSources, secret: writer.secret)
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
    try committing {
      (errors, notes) = (list.errors, list.notes)
      var waiting = list.inputs[...]
      while !waiting.isEmpty, !isStopped {
        let group = openNext(&waiting, names, format)
        isLastGroup = waiting.isEmpty
        readTogether(group)
      }
    }
  }

  /// Reads what a feed gives until that is over, with the user's own JSON keys and text format where there are any.
  func run(_ feed: any InputFeed, _ names: FieldMap?, _ format: TextFormat?) throws -> IngestSummary {
    self.feed = feed
    return try committing {
      while !isStopped {
        for fed in feed.begun() {
          opened.append(OpenInput(fed, tables: tables, names: names, format: format))
        }
        work.batch.objects += feed.objects()
        if opened.isEmpty, feed.isOver { break }
        (logs, isLastGroup) = (feed.progress, feed.hasBegunAll)
        let read = readOnce(waiting: 0) { stream in
          if let fed = stream.fed, feed.ended(fed) { stream.registerSource() }
        }
        if case .idle = read {
          StreamWait.wait(
            for: opened.map(\.reader.descriptor) + feed.descriptors, IngestSession.pollMilliseconds)
          progress()
        }
      }
      // "Nothing was logged" is an answer, where somebody listened.
      for stream in opened where stream.isQuiet { stream.registerSource() }
    }
  }

  /// Runs the writing thread beside `read`, and adds up what became of the lines.
  private func committing(_ read: () -> Void) throws -> IngestSummary {
    let failure = failure
    let committer = Committer(
      writer: writer, queue: queue, early: early, shownSources: options.summarySources
    ) { failure.set($0) }
    committer.start()
    early?.start()
    read()
    handOver()
    early?.finish()
    queue.close()
    var summary = committer.finish()
    if let error = failure.error { throw error }
    summary.inputErrors = errors
    summary.notes = notes
    summary.ignoredFiles = list.ignoredFiles
    summary.repeatedFiles = list.repeatedFiles
    summary.wasInterrupted = stop.isRequested
    return summary
  }

  private var isStopped: Bool { stop.isRequested || failure.error != nil }

  /// Opens as many inputs as are read side by side, or as may be open at once.
  private func openNext(
    _ waiting: inout ArraySlice<InputList.Input>, _ names: FieldMap?, _ format: TextFormat?
  ) -> [OpenInput] {
    var group: [OpenInput] = []
    let limit = OpenFiles.inputs
    while group.count < limit, let input = waiting.first {
      do throws(InputError) {
        group.append(
          try OpenInput(
            input, sparing: store, tables: tables, flags: options.identity, names: names, format: format))
      } catch {
        // It is opened when those are closed.
        if case .tooManyFiles = error, !group.isEmpty { return group }
        if case .isDatabase = error { notes.append("\(error)") } else { errors.append(error) }
      }
      waiting.removeFirst()
    }
    return group
  }

  /// Reads inputs block by block, always the one whose log has come least far.
  ///
  /// So a batch holds one stretch of time of all logs, and the store appends to its newest pages instead of writing
  /// all over the table: for 15 logs of one mesh this saves half of the writer's time. What is stored is the same.
  /// Streams are read after the files.
  private func readTogether(_ inputs: [OpenInput]) {
    opened = inputs
    while !isStopped, let next = opened.indices.filter({ !opened[$0].isStream }).min(by: isBehind) {
      if advance(opened[next], waiting: IngestSession.pollMilliseconds).isEnd { opened.remove(at: next) }
    }
    readStreams()
    inputs.forEach { $0.registerSource() }
  }

  /// Reads streams as their bytes come, none of them waiting for another one.
  private func readStreams() {
    let began = ContinuousClock.now
    while !isStopped, !opened.isEmpty {
      let read = readOnce(waiting: opened.count == 1 ? IngestSession.pollMilliseconds : 0)
      guard case .idle = read else { continue }
      if opened.count > 1 {
        StreamWait.wait(for: opened.map(\.reader.descriptor), IngestSession.pollMilliseconds)
      }
      if ContinuousClock.now - began > .seconds(Limits.pipeSeconds) { leaveOutPipes() }
    }
  }

  /// One block of each stream. What has waited for long enough is handed over.
  private func readOnce(
    waiting milliseconds: Int32, ended: (OpenInput) -> Void = { _ in }
  ) -> ByteReader.Read {
    var read = ByteReader.Read.idle
    for stream in opened {
      switch advance(stream, waiting: milliseconds) {
      case .idle: break
      case .bytes(let count): read = .bytes(count)
      case .end:
        opened.removeAll { $0 === stream }
        ended(stream)
      }
    }
    if !work.isEmpty { flush(read) }
    return read
  }

  /// Pipes in folders to which nobody writes.
  private func leaveOutPipes() {
    opened.removeAll { stream in
      guard stream.input.isFoundPipe, stream.reader.waitsForWriter else { return false }
      notes.append("\(Shown.path(stream.input.path)) left out: it is a pipe to which nobody writes")
      return true
    }
  }

  private func isBehind(_ one: Int, _ other: Int) -> Bool { opened[one].position < opened[other].position }

  /// How far all logs have come.
  private var frontier: Int64 {
    guard isLastGroup else { return .min }
    // Of logs that are followed most are silent for long: they hold up none.
    let busy = opened.lazy.filter { !$0.isQuiet }.map(\.position).min()
    return busy ?? (logs == nil ? .max : opened.map(\.position).max() ?? .min)
  }

  /// One block of an input; `.end` where nothing more can be read of it, too.
  private func advance(_ input: OpenInput, waiting milliseconds: Int32) -> ByteReader.Read {
    let before = input.reader.consumed
    defer {
      bytes += input.reader.consumed - before
      progress()
    }
    do throws(InputError) {
      let lines = input.lines
      let read = try input.step(waiting: milliseconds, into: &work)
      self.lines += input.lines - lines
      if isFull { handOver() }
      return read
    } catch {
      errors.append(error)
      return .end
    }
  }
}

extension IngestSession {
  private var isFull: Bool {
    work.batch.rows.count >= options.batchRows || work.batch.objects.count >= Limits.batchObjects
      || work.batch.inlineBytes.count >= Limits.batchTextBytes
      || tables.unsentTextBytes >= Limits.batchTextBytes || tables.isFullOfSources
  }

  /// Hands over what a stream has waited with for long enough, or all of it when nothing more comes.
  private func flush(_ read: ByteReader.Read) {
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
    work.marks = feed?.marks() ?? []
    queue.put(.batch(work))
    work = IngestWork()
  }

  private func progress() {
    let now = ContinuousClock.now
    guard now - lastReport >= .milliseconds(100) else { return }
    lastReport = now
    report(
      IngestProgress(
        lines: lines, bytes: bytes, totalBytes: totalBytes, seconds: (now - began).seconds, logs: logs))
  }
}

/// The writing thread's error, for the reading thread to stop at.
private final class Failure: Sendable {
  private let state = Mutex<StoreError?>(nil)

  var error: StoreError? { state.withLock { $0 } }
  func set(_ error: StoreError) { state.withLock { $0 = error } }
}
