/// Lines that wait for the moment they end at: a binary heap.
struct LineQueue {
  struct Entry {
    let pod: Int
    let line: LogLine
    /// Of equal ends the one that was made first comes first.
    let number: Int

    func isBefore(_ other: Entry) -> Bool {
      (line.endMicroseconds, number) < (other.line.endMicroseconds, other.number)
    }
  }

  private var heap: [Entry] = []
  private(set) var made = 0

  mutating func insert(_ line: LogLine, of pod: Int) {
    let entry = Entry(pod: pod, line: line, number: made)
    made += 1
    heap.append(entry)
    var child = heap.count - 1
    while child > 0, entry.isBefore(heap[(child - 1) / 2]) {
      heap[child] = heap[(child - 1) / 2]
      child = (child - 1) / 2
    }
    heap[child] = entry
  }

  /// The next line, where it ends before an instant.
  mutating func removeFirst(before instant: Int) -> Entry? {
    guard let first = heap.first, first.line.endMicroseconds < instant, let last = heap.popLast() else {
      return nil
    }
    guard !heap.isEmpty else { return first }
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
      guard heap[child].isBefore(last) else { break }
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = last
    return first
  }
}
