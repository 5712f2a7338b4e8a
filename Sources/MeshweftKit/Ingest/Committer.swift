internal import AccessLog
internal import Dispatch
internal import Synchronization
internal import TraceStore

/// The writing thread of an ingest: takes batches, commits them, adds up what became of their lines; and the links that
/// were found out about meanwhile.
final class Committer: Sendable {
  private struct State {
    var summary = IngestSummary()
    var sources: SourceSums
  }

  /// Moved to the writing thread at its start and not touched by another one until it has ended.
  private struct Handle: @unchecked Sendable { let writer: StoreWriter }

  private let handle: Handle
  private let queue: BatchQueue<WriterWork>
  private let early: EarlyLinks?
  private let fail: @Sendable (StoreError) -> Void
  private let state: Mutex<State>
  private let done = DispatchSemaphore(value: 0)

  /// `early` is told how far the logs have come; `shownSources` get counts of their own.
  init(
    writer: StoreWriter, queue: BatchQueue<WriterWork>, early: EarlyLinks?,
    shownSources: Int = Limits.summarySources,
    fail: @escaping @Sendable (StoreError) -> Void
  ) {
    state = Mutex(State(sources: SourceSums(limit: shownSources)))
    handle = Handle(writer: writer)
    self.queue = queue
    self.early = early
    self.fail = fail
  }

  func start() {
    DispatchQueue(label: "meshweft.writer").async { [self] in
      run()
      done.signal()
    }
  }

  /// Waits until everything that was queued is committed.
  func finish() -> IngestSummary {
    done.wait()
    return state.withLock { state in
      state.summary.counts = state.sources.all
      state.summary.sources = state.sources.rows
      state.summary.otherSources = state.sources.others
      return state.summary
    }
  }

  /// After a failure the queue is still emptied, so that the parser never waits for ever.
  private func run() {
    var tables = IngestTables()
    var links = UnitWriter(handle.writer)
    var delays = Delays()
    var hasFailed = false
    while let work = queue.take() {
      if hasFailed { continue }
      do throws(StoreError) {
        switch work {
        case .batch(let work):
          let version = try append(work, &tables)
          delays.add(work.batch.rows)
          early?.settle(before: delays.settled(at: work.frontier), version: version)
        case .links(let unit): try write(unit, &links)
        }
      } catch {
        hasFailed = true
        early?.stop()
        fail(error)
      }
    }
  }

  /// - Returns: `StoreWriter.foreignVersion`
  private func append(_ work: IngestWork, _ tables: inout IngestTables) throws(StoreError) -> Int64 {
    let writer = handle.writer
    try writer.begin()
    let version = try writer.foreignVersion()
    let result = try writer.append(work.batch, &tables)
    if !work.marks.isEmpty { try writer.note(work.marks) }
    let objects = try writer.store(work.batch.objects)
    try writer.commit()
    add(work, result, objects: objects)
    return version
  }

  private func write(_ unit: EarlyLinks.Unit, _ links: inout UnitWriter) throws(StoreError) {
    let writer = handle.writer
    try writer.begin()
    if try writer.foreignVersion() == unit.version {
      try links.write(unit.unit)
      try writer.setCorrelated(try links.takeFinished())
    } else {
      // Another process may have linked the same hops and more. From now on they are left to Correlate, which
      // keeps others out as long as it works.
      early?.stop()
    }
    try writer.commit()
  }

  private func add(_ work: IngestWork, _ result: AppendResult, objects: Int) {
    state.withLock { state in
      state.summary.objects += Int64(work.batch.objects.count)
      state.summary.newObjects += Int64(objects)
      state.sources.meet(work.batch.sources, first: Int(work.batch.firstSource))
      for (source, tally) in work.tallies.enumerated() where tally != IngestCounts() {
        state.sources.add(tally, to: source)
      }
      for count in result.sources {
        let counts = IngestCounts(stored: Int64(count.stored), duplicate: Int64(count.duplicate))
        state.sources.add(counts, to: Int(count.source))
      }
      let room = Ingest.shownRejections - state.summary.rejectedLines.count
      state.summary.rejectedLines += work.rejected.prefix(max(0, room))
      for row in work.batch.rows {
        state.summary.firstStart = min(
          state.summary.firstStart ?? row.startMicroseconds, row.startMicroseconds)
        state.summary.lastStart = max(state.summary.lastStart ?? row.startMicroseconds, row.startMicroseconds)
      }
    }
  }
}

/// How long after their start hops have come: logs are written in the order of ends.
private struct Delays {
  /// Microseconds: lines of one log may be written in another order than that of their ends.
  private static let disorder: Int64 = 1_000_000
  /// Of a million hops as many may come later than is expected of all; units that they touch are linked again.
  private static let exceptions = 1

  private var durations = OctaveHistogram()

  mutating func add(_ rows: [HopRow]) {
    for row in rows { durations.add(row.durationMicroseconds) }
  }

  /// Hops that start before have come when logs have come so far; microseconds since the epoch.
  func settled(at frontier: Int64) -> Int64 {
    let longest = min(durations.bound(exceptions: Delays.exceptions), CorrelationLimits.longestDuration)
    let delay = longest + Delays.disorder
    return frontier < Int64.min + delay ? .min : frontier - delay
  }
}
