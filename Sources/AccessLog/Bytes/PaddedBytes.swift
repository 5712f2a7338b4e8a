internal import CBytes

/// A line in memory that may be read a little past its end.
///
/// Scanners load eight, 16 or 32 bytes at a time; `slack` bytes after the last one must be readable (their content does not
/// matter). Whoever makes one guarantees that and keeps the memory alive: the line reader's buffer, or a copy.
///
/// Offsets are the scanners' own arithmetic, checked by assertions, which tests and fuzzing run with; release
/// builds pay nothing.
@safe
package struct PaddedBytes {
  package static let slack = 32
  // Safe: whoever makes one promises the memory and its slack; offsets are asserted at each entry.
  private let base: UnsafeRawPointer
  package let count: Int

  @unsafe
  package init(base: UnsafeRawPointer, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  @inline(__always)
  package subscript(offset: Int) -> UInt8 {
    assert(offset >= 0 && offset < count + PaddedBytes.slack)
    return unsafe base.load(fromByteOffset: offset, as: UInt8.self)
  }

  /// Eight bytes from `offset`, the first one lowest.
  @inline(__always)
  package func word(_ offset: Int) -> UInt64 {
    assert(offset >= 0 && offset + 8 <= count + PaddedBytes.slack)
    return unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Up to eight bytes from `offset`, those behind the line's end as zero.
  @inline(__always)
  package func tail(_ offset: Int) -> UInt64 {
    let rest = count &- offset
    if rest >= 8 { return word(offset) }
    return rest <= 0 ? 0 : word(offset) & ~(~0 << UInt64(truncatingIfNeeded: rest &<< 3))
  }

  /// How many of the 16 bytes from `offset` on come before the first that is a quote, a backslash, a control
  /// character or not ASCII; 16 where there is none. What is behind the line's end counts like the line.
  @inline(__always)
  func plainRun(_ offset: Int) -> Int {
    assert(offset >= 0 && offset + 16 <= count + PaddedBytes.slack)
    return unsafe Int(bytes_plain_run(base + offset))
  }

  /// How many of the 32 bytes from `offset` on come before the first that is a quote, a backslash, a control character or
  /// not ASCII; 32 where there is none. Quicker than `plainRun` where nothing is known of how long texts are.
  @inline(__always)
  func plainRun32(_ offset: Int) -> Int {
    assert(offset >= 0 && offset + 32 <= count + PaddedBytes.slack)
    return unsafe Int(bytes_plain_run_32(base + offset))
  }

  /// Eight bytes from `offset` on, those behind the line's end as zero; of a line of at most 32 bytes, without a branch.
  @inline(__always)
  func shortTail(_ offset: Int) -> UInt64 {
    assert(count <= 32 && offset >= 0 && offset <= 24)
    return word(offset) & bytes_mask(Int32(truncatingIfNeeded: count), Int32(truncatingIfNeeded: offset))
  }

  /// Whether, of the 32 bytes from `offset` on, those that `needed` has a bit for (the first one lowest) are equal to
  /// those at `other`, of which 32 must be readable.
  @inline(__always)
  func isEqual(_ offset: Int, to other: UnsafeRawPointer, needed: UInt32) -> Bool {
    assert(offset >= 0 && offset + 32 <= count + PaddedBytes.slack)
    return unsafe bytes_are_equal(base + offset, other, needed) != 0
  }

  /// Which of the 16 bytes from `offset` on are equal to `byte`: a bit for each, the first one lowest.
  @inline(__always)
  func equal(_ offset: Int, _ byte: UInt8) -> UInt32 {
    assert(offset >= 0 && offset + 16 <= count + PaddedBytes.slack)
    return unsafe bytes_equal(base + offset, byte)
  }

  /// Whether both hold the same bytes.
  @inline(__always)
  func isEqual(to other: PaddedBytes) -> Bool {
    guard count == other.count else { return false }
    var offset = 0
    while offset < count {
      let rest = count &- offset
      let needed = rest >= 32 ? ~0 : (1 &<< UInt32(truncatingIfNeeded: rest)) &- 1
      if unsafe !isEqual(offset, to: other.base + offset, needed: needed) { return false }
      offset = offset &+ 32
    }
    return true
  }

  /// The bytes of a range.
  @inline(__always)
  package func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    assert(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  /// A part of the line as a line of its own.
  @inline(__always)
  package func slice(_ range: Range<Int>) -> PaddedBytes {
    assert(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe PaddedBytes(base: base + range.lowerBound, count: range.count)
  }

  /// The bytes as an array of their own.
  package var copy: [UInt8] { unsafe Array(bytes(0..<count)) }

  /// The line as a span, for readers that need no speed.
  package func withSpan<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt8.self), count: count).span)
  }

  /// A copy of bytes, padded, for the time of a call.
  package static func withCopy<Result>(of bytes: [UInt8], _ body: (PaddedBytes) throws -> Result) rethrows
    -> Result
  {
    let padded = bytes + [UInt8](repeating: 0, count: slack)
    return try unsafe padded.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("a padded copy is never empty") }
      return try unsafe body(PaddedBytes(base: base, count: bytes.count))
    }
  }
}
