/// Eight bytes at a time in a 64-bit word: which byte is the first of a kind.
///
/// The classic SWAR tests: borrows run upwards only, so the lowest bit set is exact even where higher ones are not.
enum ByteWords {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let highs: UInt64 = 0x8080_8080_8080_8080

  /// A word that has its high bits set at bytes equal to `byte` (exact for the lowest such byte).
  @inline(__always)
  static func equal(_ word: UInt64, _ byte: UInt8) -> UInt64 {
    let difference = word ^ (ones &* UInt64(byte))
    return (difference &- ones) & ~difference & highs
  }

  /// High bits at bytes that end or interrupt the inside of a JSON string: quote, backslash, below 0x20.
  @inline(__always)
  static func stringStops(_ word: UInt64) -> UInt64 {
    let control = (word &- (ones &* 0x20)) & ~word & highs
    return equal(word, 0x22) | equal(word, 0x5C) | control
  }

  /// The index of the first byte that a mask marks.
  @inline(__always)
  static func firstByte(_ mask: UInt64) -> Int { mask.trailingZeroBitCount >> 3 }
}
