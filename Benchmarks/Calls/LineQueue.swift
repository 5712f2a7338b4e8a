/// Lines that wait for the moment they end at.
struct LineQueue {
  struct Entry: HeapEntry {
    let pod: Int
    let line: LogLine
    /// Of equal ends the one that was made first comes first.
    let number: Int

    func isBefore(_ other: Entry) -> Bool {
      (line.endMicroseconds, number) < (other.line.endMicroseconds, other.number)
    }
  }

  private var heap = Heap<Entry>()
  private(set) var made = 0

  mutating func insert(_ line: LogLine, of pod: Int) {
    heap.insert(Entry(pod: pod, line: line, number: made))
    made += 1
  }

  /// The next line, where it ends before an instant.
  mutating func removeFirst(before instant: Int) -> Entry? {
    guard let first = heap.first, first.line.endMicroseconds < instant else { return nil }
    return heap.removeFirst()
  }
}
