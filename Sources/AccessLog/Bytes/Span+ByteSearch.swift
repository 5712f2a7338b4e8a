/// Small questions about bytes that the text formats and the envelopes share. Nothing here allocates.
extension Span where Element == UInt8 {
  /// Whether both hold the same bytes.
  func isEqual(to other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    var index = count
    // From the end: keys and names share their beginnings more often than their ends.
    while index > 0 {
      index -= 1
      if self[index] != other[index] { return false }
    }
    return true
  }

  func isEqual(to other: StaticString) -> Bool { count == other.utf8CodeUnitCount && holds(other, at: 0) }

  /// Whether `part` stands at `position`; false where it would reach past the end.
  func holds(_ part: [UInt8], at position: Int) -> Bool {
    guard position >= 0, part.count <= count - position else { return false }
    for index in part.indices where self[position + index] != part[index] { return false }
    return true
  }

  /// Whether `range` of `bytes` stands at `position`.
  func holds(_ bytes: Span<UInt8>, _ range: Range<Int>, at position: Int) -> Bool {
    guard position >= 0, range.count <= count - position else { return false }
    for offset in 0..<range.count where self[position + offset] != bytes[range.lowerBound + offset] {
      return false
    }
    return true
  }

  func holds(_ part: StaticString, at position: Int) -> Bool {
    let length = part.utf8CodeUnitCount
    guard position >= 0, length <= count - position else { return false }
    // Safe: a StaticString's bytes live for ever, and `index` stays below its length.
    let bytes = unsafe part.utf8Start
    for index in 0..<length where unsafe bytes[index] != self[position + index] { return false }
    return true
  }

  /// The first place of `byte` at or after `start` and before `end`.
  func first(_ byte: UInt8, from start: Int, to end: Int) -> Int? {
    first(byte, or: byte, from: start, to: end)
  }

  /// The first place of either byte at or after `start` and before `end`; eight bytes at a time.
  func first(_ byte: UInt8, or other: UInt8, from start: Int, to end: Int) -> Int? {
    var index = Swift.max(start, 0)
    let limit = Swift.min(end, count)
    let bytes = unsafe self.bytes
    let patterns = (UInt64(byte) &* ByteWord.ones, UInt64(other) &* ByteWord.ones)
    while limit - index >= 8 {
      // Safe: 0 <= index, and index + 8 <= limit <= count; any eight bytes are a number.
      let word = unsafe UInt64(
        littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
      let zeros = ByteWord.zeroBytes(word ^ patterns.0) | ByteWord.zeroBytes(word ^ patterns.1)
      if zeros != 0 { return index + zeros.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < limit {
      if self[index] == byte || self[index] == other { return index }
      index += 1
    }
    return nil
  }

  /// Whether `part` occurs anywhere in `range`; linear for parts whose first byte is rare in them (keys in quotes).
  func contains(_ part: StaticString, in range: Range<Int>) -> Bool {
    guard part.utf8CodeUnitCount > 0 else { return true }
    let head = unsafe part.utf8Start.pointee
    var index = range.lowerBound
    while let found = first(head, from: index, to: range.upperBound) {
      if holds(part, at: found), found + part.utf8CodeUnitCount <= range.upperBound { return true }
      index = found + 1
    }
    return false
  }

  /// How many bytes before `end` are left when spaces, tabs and carriage returns are taken off.
  func trimmedEnd(_ end: Int) -> Int {
    var end = end
    while end > 0, self[end - 1] == 0x20 || self[end - 1] == 0x09 || self[end - 1] == 0x0D { end -= 1 }
    return end
  }
}

/// Eight bytes in one number.
private enum ByteWord {
  static let ones: UInt64 = 0x0101_0101_0101_0101

  /// The top bit of each zero byte; above the lowest zero byte there may be bits too many.
  /// Source: Sean Eron Anderson, "Bit Twiddling Hacks", determine if a word has a zero byte.
  @inline(__always) static func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & (ones << 7) }
}

extension UInt8 {
  @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
  @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
}
