internal import Dispatch
internal import Synchronization

/// Work on its way from the parsing thread to the writing thread: never more than `capacity` pieces, so that memory
/// is bounded and the faster side waits.
final class BatchQueue<Work: Sendable>: Sendable {
  private struct State {
    var pieces: [Work] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let free: DispatchSemaphore
  private let filled = DispatchSemaphore(value: 0)

  init(capacity: Int) { free = DispatchSemaphore(value: capacity) }

  /// Waits for room.
  func put(_ work: sending Work) {
    free.wait()
    state.withLock { $0.pieces.append(work) }
    filled.signal()
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
