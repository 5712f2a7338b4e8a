internal import Dispatch
internal import Synchronization
internal import TraceStore

/// Links units of time that all logs have passed, while the rest of them is still read: the writing thread of an
/// ingest tells how far the logs have come, a thread of this one loads and correlates, the writing thread gets what came
/// of it.
///
/// Why it may: each unit notes which of the waiting ranges it has seen (`UnitState.seen`), so lines that come late
/// after all make `Correlate` link the units that they touch anew, as they would in an ingest of their own. It spares
/// what one of two cores would idle beside the writing thread: docs/explanation/benchmarks.md has the figures.
final class EarlyLinks: Sendable {
  /// A unit that is correlated, to be written unless somebody else has written meanwhile.
  struct Unit: Sendable {
    var unit: CorrelatedUnit
    /// `StoreWriter.foreignVersion` from before the unit was loaded.
    var version: Int64
  }

  private struct Progress {
    /// All hops that start before have been stored, microseconds since the epoch.
    var settled = Int64.min
    /// Nil before anything is known.
    var version: Int64?
    var isNew = false
    var isStopped = false
  }

  private let database: String
  private let maximumHops: Int64
  private let deliver: @Sendable (Unit) -> Void
  private let progress = Mutex(Progress())
  private let news = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)

  /// `maximumHops`: of a unit of time. `deliver` is called on a thread of its own and may wait.
  init(database: String, maximumHops: Int64, deliver: @escaping @Sendable (Unit) -> Void) {
    self.database = database
    self.maximumHops = maximumHops
    self.deliver = deliver
  }

  func start() {
    DispatchQueue(label: "meshweft.early-links").async { [self] in
      // It was only to save time: what is in the way is in Correlate's way, too, which says so.
      try? run()
      stop()
      done.signal()
    }
  }

  /// All hops that start before an instant (microseconds since the epoch) have been stored, and nobody else has written as
  /// long as the store's `version` is the same. When it is another one this stops: what was loaded may not be all.
  func settle(before instant: Int64, version: Int64) {
    progress.withLock {
      $0.settled = max($0.settled, instant)
      if $0.version ?? version != version { $0.isStopped = true }
      $0.version = version
      $0.isNew = true
    }
    news.signal()
  }

  /// No more units are begun.
  func stop() {
    progress.withLock { $0.isStopped = true }
    news.signal()
  }

  /// Stops, and waits until what was begun is delivered.
  func finish() {
    stop()
    done.wait()
  }

  private func run() throws {
    guard var settled = nextInstant() else { return }
    var units = SettledUnits(try StoreReader(besideWriterOf: database), maximumHops: maximumHops)
    // It was read from only: nothing is lost where it cannot be closed.
    defer { try? units.close() }
    repeat {
      for unit in try units.wanted(before: settled) {
        // Before the unit is loaded, so that what is written after it is noticed.
        let current = progress.withLock { $0 }
        guard !current.isStopped, let version = current.version else { return }
        deliver(Unit(unit: CorrelatedUnit(try units.load(unit)), version: version))
      }
      guard let next = nextInstant() else { return }
      settled = next
    } while true
  }

  /// Waits for progress; nil when there is to be none.
  private func nextInstant() -> Int64? {
    while true {
      news.wait()
      let current = progress.withLock { progress in
        defer { progress.isNew = false }
        return progress
      }
      if current.isStopped { return nil }
      if current.isNew { return current.settled }
    }
  }
}
