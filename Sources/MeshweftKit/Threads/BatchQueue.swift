internal import Dispatch
internal import Synchronization

/// Work on its way from one thread to another: never more than `capacity` pieces wait, so that memory is bounded and the
/// faster side waits.
final class BatchQueue<Work: Sendable>: Sendable {
  private struct State {
    var pieces: [Work] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let free: DispatchSemaphore
  private let filled = DispatchSemaphore(value: 0)

  init(capacity: Int) { free = DispatchSemaphore(value: capacity) }

  /// Waits for room; `untilTaken`, too, where the queue has room for one: for work that is too large to lie about while the
  /// one thread that puts makes the next.
  func put(_ work: sending Work, untilTaken: Bool = false) {
    free.wait()
    state.withLock { $0.pieces.append(work) }
    filled.signal()
    guard untilTaken else { return }
    free.wait()
    free.signal()
  }

  /// No more will come.
  func close() {
    state.withLock { $0.isClosed = true }
    filled.signal()
  }

  /// Waits for work; nil when the queue is closed and empty.
  func take() -> Work? {
    filled.wait()
    let work: Work? = state.withLock { $0.pieces.isEmpty ? nil : $0.pieces.removeFirst() }
    if work != nil { free.signal() }
    return work
  }
}
