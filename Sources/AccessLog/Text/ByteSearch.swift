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

/// RFC 3339 times as they stand before a line or inside it; only their shape, not their value.
enum Stamp {
  /// Where a time that begins at `start` ends (`2024-05-23T10:06:27.289Z`, `…+08:00`), or nil.
  ///
  /// Source: RFC 3339 section 5.6; the fraction has any number of digits (kubectl and the container runtimes cut
  /// trailing zeros). Zones may lack the colon, as `%z` writes them.
  static func end(in line: Span<UInt8>, at start: Int) -> Int? {
    guard start >= 0, line.count - start >= 20, isDateTime(line, at: start) else { return nil }
    var index = start + 19
    if line[index] == 0x2E || line[index] == 0x2C {
      index += 1
      let digits = index
      while index < line.count, line[index].isDigit { index += 1 }
      guard index > digits else { return nil }
    }
    return zoneEnd(line, at: index)
  }

  /// Whether `YYYY-MM-DDTHH:MM:SS` stands at `start`; its 19 bytes must be within the line.
  private static func isDateTime(_ line: Span<UInt8>, at start: Int) -> Bool {
    for offset in 0..<19 {
      let byte = line[start + offset]
      switch offset {
      case 4, 7: guard byte == 0x2D else { return false }
      case 10: guard byte == 0x54 || byte == 0x74 else { return false }
      case 13, 16: guard byte == 0x3A else { return false }
      default: guard byte.isDigit else { return false }
      }
    }
    return true
  }

  private static func zoneEnd(_ line: Span<UInt8>, at index: Int) -> Int? {
    guard index < line.count else { return nil }
    switch line[index] {
    case 0x5A, 0x7A: return index + 1
    case 0x2B, 0x2D:
      guard line.count - index >= 5, line[index + 1].isDigit, line[index + 2].isDigit else { return nil }
      let minutes = line[index + 3] == 0x3A ? index + 4 : index + 3
      guard line.count - minutes >= 2, line[minutes].isDigit, line[minutes + 1].isDigit else { return nil }
      return minutes + 2
    default: return nil
    }
  }
}
