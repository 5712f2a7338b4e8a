internal import GRDB

extension StoreConnection {
  /// Whether statements end when the process is asked to. Off while a batch is stored: that is to be committed.
  func setInterruptible(_ isInterruptible: Bool) throws(StoreError) {
    guard isInterruptible != (interruption != nil) else { return }
    interruption = try access { db in
      // Safe: the connection takes this note back before it closes, and `ConnectionSlots.remove` waits for handlers.
      guard isInterruptible, let handle = unsafe db.sqliteConnection else { return nil }
      return unsafe InterruptibleConnection(handle)
    }
  }

  /// Before a statement begins: SQLite forgets an interruption that comes when none runs.
  /// - Throws: `interrupted`
  @inline(__always)
  func checkInterruption() throws(StoreError) {
    if StoreInterruption.isRequested, interruption != nil { throw .interrupted }
  }
}

extension StoreWriter {
  /// Whether its statements end when the process is asked to, and what they did is undone.
  package func setInterruptible(_ isInterruptible: Bool) throws(StoreError) {
    try connection.setInterruptible(isInterruptible)
  }
}
