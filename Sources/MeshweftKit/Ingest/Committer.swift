internal import AccessLog
internal import Dispatch
internal import Synchronization
internal import TraceStore

/// The writing thread of an ingest: takes batches, commits them, adds up what became of their lines.
final class Committer: Sendable {
  private struct State {
    var summary = IngestSummary()
    var counts: [IngestCounts] = []
    var identities: [SourceIdentity] = []
  }

  /// Moved to the writing thread at its start and not touched by another one until it has ended.
  private struct Handle: @unchecked Sendable { let writer: StoreWriter }

  private let handle: Handle
  private let queue: BatchQueue<IngestWork>
  private let fail: @Sendable (StoreError) -> Void
  private let state = Mutex(State())
  private let done = DispatchSemaphore(value: 0)

  init(writer: StoreWriter, queue: BatchQueue<IngestWork>, fail: @escaping @Sendable (StoreError) -> Void) {
    handle = Handle(writer: writer)
    self.queue = queue
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
      for (identity, counts) in zip(state.identities, state.counts) {
        state.summary.counts += counts
        state.summary.sources.append(
          SourceCounts(
            source: identity.name, meshCluster: identity.meshCluster, namespace: identity.namespace,
            pod: identity.pod, container: identity.container, counts: counts))
      }
      return state.summary
    }
  }

  /// After a failure the queue is still emptied, so that the parser never waits for ever.
  private func run() {
    var tables = IngestTables()
    var hasFailed = false
    while let work = queue.take() {
      if hasFailed { continue }
      do throws(StoreError) {
        let result = try handle.writer.append(work.batch, &tables)
        add(work, result)
      } catch {
        hasFailed = true
        fail(error)
      }
    }
  }

  private func add(_ work: IngestWork, _ result: AppendResult) {
    state.withLock { state in
      state.identities += work.batch.sources
      while state.counts.count < state.identities.count { state.counts.append(IngestCounts()) }
      for (source, tally) in work.tallies.enumerated() { state.counts[source] += tally }
      for count in result.sources {
        state.counts[Int(count.source)].stored += Int64(count.stored)
        state.counts[Int(count.source)].duplicate += Int64(count.duplicate)
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
