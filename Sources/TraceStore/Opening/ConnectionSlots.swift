internal import GRDBSQLite
internal import Synchronization

/// The connections that are to be interrupted. An ingest has four, everything else two; what finds no room is looked after by
/// the flag alone, between its statements.
struct ConnectionSlots: ~Copyable, Sendable {
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
      // Safe: the slot holds 1 meanwhile, so that `remove` waits, and with it whoever would close the connection.
      unsafe sqlite3_interrupt(OpaquePointer(bitPattern: connection))
      $0.store(connection, ordering: .releasing)
    }
  }
}
