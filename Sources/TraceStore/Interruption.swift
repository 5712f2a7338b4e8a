internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// Asks everything in this process that reads or writes stores to end: signals are the process's, so this is, too.
///
/// A statement that runs on an interruptible connection ends at once, others do not begin, with `StoreError.interrupted`;
/// their transaction is undone.
package enum StoreInterruption {
  private static let flag = Atomic<Bool>(false)

  /// There is no way back. For a signal handler: it waits for nobody. What it uses must have been made before: `prepare`.
  package static func request() {
    flag.store(true, ordering: .relaxed)
    for slot in slots.indices { slots.interrupt(slot) }
  }

  package static var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Makes what `request` uses.
  package static func prepare() { _ = (isRequested, slots.indices) }

  fileprivate static let slots = ConnectionSlots()
}

/// The connections that are to be interrupted. An ingest has four, everything else two; what finds no room is looked after by
/// the flag alone, between its statements.
private struct ConnectionSlots: ~Copyable, Sendable {
  /// Each: 0 where it is free, 1 while its connection is told, else the address of a connection that is open.
  private let one = Atomic<UInt>(0)
  private let two = Atomic<UInt>(0)
  private let three = Atomic<UInt>(0)
  private let four = Atomic<UInt>(0)

  var indices: Range<Int> { 0..<4 }

  private func with<T>(_ slot: Int, _ body: (borrowing Atomic<UInt>) -> T) -> T {
    switch slot {
    case 0: body(one)
    case 1: body(two)
    case 2: body(three)
    default: body(four)
    }
  }

  func add(_ connection: UInt) {
    for slot in indices {
      let isTaken = with(slot) {
        $0.compareExchange(expected: 0, desired: connection, ordering: .acquiringAndReleasing).exchanged
      }
      if isTaken { return }
    }
  }

  /// Afterwards nobody tells the connection anything: it may be closed.
  func remove(_ connection: UInt) {
    for slot in indices {
      while true {
        let (done, found) = with(slot) {
          $0.compareExchange(expected: connection, desired: 0, ordering: .acquiringAndReleasing)
        }
        // A handler on another thread is done in a moment.
        if done || found != 1 { break }
      }
    }
  }

  func interrupt(_ slot: Int) {
    with(slot) {
      let connection = $0.load(ordering: .acquiring)
      guard connection > 1,
        $0.compareExchange(expected: connection, desired: 1, ordering: .acquiringAndReleasing).exchanged
      else { return }
      unsafe sqlite3_interrupt(OpaquePointer(bitPattern: connection))
      $0.store(connection, ordering: .releasing)
    }
  }
}

/// That one connection is among those which are interrupted, as long as this is there.
final class InterruptibleConnection {
  private let connection: UInt

  init(_ handle: OpaquePointer) {
    connection = UInt(bitPattern: handle)
    StoreInterruption.slots.add(connection)
  }

  deinit { StoreInterruption.slots.remove(connection) }
}

extension StoreConnection {
  /// Whether statements end when the process is asked to. Off while a batch is stored: that is to be committed.
  func setInterruptible(_ isInterruptible: Bool) throws(StoreError) {
    guard isInterruptible != (interruption != nil) else { return }
    interruption = try access { db in
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
