internal import Dispatch
internal import GRDB
internal import Synchronization

/// Copies the write-ahead log into the database on a thread of its own, so that the writer need not wait for the disk.
///
/// Why it may: SQLite lets another connection copy what was committed while the writer goes on. The log can only begin anew
/// where all of it has been copied, so the writer's own checkpoints stay; they find little left to do. docs/explanation/benchmarks.md has
/// what it brought.
final class Checkpointer: Sendable {
  private let path: String
  private let thread = DispatchQueue(label: "meshweft.checkpointer")
  private let isBusy = Atomic(false)
  /// Opened when it is needed first: small ingests never do.
  private let database = Mutex<DatabaseQueue?>(nil)

  init(path: String) { self.path = path }

  /// Has what is in the log copied, unless that is being done already.
  func request() {
    guard !isBusy.exchange(true, ordering: .acquiring) else { return }
    thread.async { [self] in
      copy()
      isBusy.store(false, ordering: .releasing)
    }
  }

  /// Waits until nothing is done any more.
  func close() {
    thread.sync {}
    database.withLock { database in
      try? database?.close()
      database = nil
    }
  }

  /// What is in the way is in the way of the writer's own checkpoint, too, and what was committed stays in the log.
  private func copy() {
    database.withLock { database in
      if database == nil {
        var configuration = Configuration()
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA synchronous = NORMAL") }
        database = try? DatabaseQueue(path: path, configuration: configuration)
      }
      try? database?.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)")
      }
    }
  }
}
