import GRDB

/// Keeps the write lock of a database, as another process in the middle of a transaction does.
final class WriteLock {
  private let queue: DatabaseQueue

  init(on path: String) throws {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.unsafeReentrantWrite { try $0.beginTransaction(.immediate) }
  }

  func release() { try? queue.unsafeReentrantWrite { try $0.rollback() } }
}
