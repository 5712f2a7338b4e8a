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

  /// How many of a word's bytes come before the first that is no decimal digit; 8 where all are digits.
  @inline(__always)
  static func digitRun(_ word: UInt64) -> Int {
    let values = word ^ (ones &* 0x30)
    // Exact in every byte: the high bit is taken out before the addition, which then carries nowhere.
    let stops = (((values & ~highs) &+ (ones &* 0x76)) | values) & highs
    return stops == 0 ? 8 : firstByte(stops)
  }

  /// Up to eight decimal digits, the first one lowest, as a number; nil where a byte is none. `count` is 1 to 8.
  ///
  /// The digits are moved to the word's end, with zeros before them, and added up in pairs, fours and eights.
  @inline(__always)
  static func decimal(_ word: UInt64, count: Int) -> UInt64? {
    let values = (word ^ (ones &* 0x30)) &<< UInt64(truncatingIfNeeded: 64 &- count &<< 3)
    guard areDigits(values) else { return nil }
    let pairs = (values &* 2561) &>> 8 & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 6_553_601) &>> 16 & 0x0000_FFFF_0000_FFFF
    return (fours &* 42_949_672_960_001) &>> 32
  }

  /// Whether every byte is below ten.
  @inline(__always)
  static func areDigits(_ values: UInt64) -> Bool {
    // A byte from 10 to 127 gets its high bit here, one from 128 on has it: a carry comes only from one of those.
    ((values &+ (ones &* 0x76)) | values) & highs == 0
  }

  /// The index of the first byte that a mask marks.
  @inline(__always)
  static func firstByte(_ mask: UInt64) -> Int { mask.trailingZeroBitCount >> 3 }
}
