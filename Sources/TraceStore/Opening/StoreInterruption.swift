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

  static let slots = ConnectionSlots()
}
