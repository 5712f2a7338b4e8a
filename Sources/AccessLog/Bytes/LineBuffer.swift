internal import Platform

/// Cuts a stream of bytes into lines, in place.
///
/// Bytes are read straight into its one buffer; lines are handed out as `PaddedBytes` in it, without a copy. The buffer
/// grows for long lines, up to twice `Limits.lineBytes`; a line longer than that is read past and reported once.
@safe
package struct LineBuffer: ~Copyable {
  package enum Line {
    case line(PaddedBytes)
    /// A line longer than the limit ended here; its bytes are gone.
    case oversize
  }

  // Safe: the buffer alone owns its memory: zeroed, `capacity` + `PaddedBytes.slack` bytes long, until `deinit`.
  // `start` <= `searched` <= `end` <= `capacity`; a line that was handed out is good until the next `fill`.
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var start = 0
  private var end = 0
  /// Where the search for a line feed goes on.
  private var searched = 0
  private var isSkipping = false

  /// - Parameter capacity: bytes to begin with: a block that stays in the processor's cache.
  package init(capacity: Int = 1 << 18) {
    self.capacity = capacity
    unsafe base = LineBuffer.allocate(capacity)
  }

  private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer {
    let base = UnsafeMutableRawPointer.allocate(byteCount: capacity + PaddedBytes.slack, alignment: 64)
    unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: capacity + PaddedBytes.slack)
    return unsafe base
  }

  deinit { unsafe base.deallocate() }

  /// Bytes that are there and belong to no line that was handed out.
  package var pending: Int { end - start }

  /// Lets `read` fill the free space behind what is pending; it returns how many bytes it wrote.
  package mutating func fill<Failure: Error>(
    _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) -> Int {
    makeRoom()
    let count = try unsafe read(UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end))
    end += count
    return count
  }

  private mutating func makeRoom() {
    if start > 0 {
      unsafe base.copyMemory(from: base + start, byteCount: end - start)
      end -= start
      searched -= start
      start = 0
    }
    // Half a buffer of one unfinished line: a larger one, so that reading does not go in crumbs.
    guard end * 2 > capacity else { return }
    let larger = unsafe LineBuffer.allocate(capacity * 2)
    unsafe larger.copyMemory(from: base, byteCount: end)
    unsafe base.deallocate()
    unsafe base = larger
    capacity *= 2
  }

  /// The next whole line, without its line feed and without a carriage return before it; nil until more is read.
  package mutating func next() -> Line? {
    while true {
      guard let feed = findFeed() else {
        skipIfTooLong()
        return nil
      }
      let lineStart = start
      start = feed + 1
      searched = start
      if isSkipping {
        isSkipping = false
        return .oversize
      }
      if feed - lineStart > Limits.lineBytes { return .oversize }
      return .line(line(lineStart, feed))
    }
  }

  /// What is left at the end of the input: the last line had no line feed.
  package mutating func last() -> Line? {
    defer {
      start = end
      searched = end
      isSkipping = false
    }
    if isSkipping { return .oversize }
    guard end > start else { return nil }
    return end - start > Limits.lineBytes ? .oversize : .line(line(start, end))
  }

  private func line(_ from: Int, _ to: Int) -> PaddedBytes {
    let hasReturn = unsafe to > from && base.load(fromByteOffset: to - 1, as: UInt8.self) == 0x0D
    return unsafe PaddedBytes(base: base + from, count: to - from - (hasReturn ? 1 : 0))
  }

  private mutating func findFeed() -> Int? {
    guard searched < end, let found = unsafe memchr(base + searched, 0x0A, end - searched) else {
      searched = end
      return nil
    }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private mutating func skipIfTooLong() {
    guard isSkipping || end - start > Limits.lineBytes else { return }
    isSkipping = true
    start = end
    searched = end
  }
}
