/// Request and trace ids by their bits.
enum Identifier {
  /// A lower-case UUID with dashes (`x-request-id` as Envoy makes it), or nil.
  ///
  /// Upper-case ids stay text, so that what is printed is what was logged.
  @inline(__always)
  static func uuid(_ text: PaddedBytes) -> (high: UInt64, low: UInt64)? {
    guard text.count == 36, text[8] == UInt8(ascii: "-"), text[13] == UInt8(ascii: "-"),
      text[18] == UInt8(ascii: "-"), text[23] == UInt8(ascii: "-")
    else { return nil }
    guard let first = eightHex(text, 0), let second = fourHex(text, 9), let third = fourHex(text, 14),
      let fourth = fourHex(text, 19), let fifth = fourHex(text, 24), let sixth = eightHex(text, 28)
    else { return nil }
    return (first << 32 | second << 16 | third, fourth << 48 | fifth << 32 | sixth)
  }

  /// 32 lower-case hex digits (a W3C or B3 trace id), or nil.
  static func hex32(_ text: PaddedBytes) -> (high: UInt64, low: UInt64)? {
    guard text.count == 32, let a = eightHex(text, 0), let b = eightHex(text, 8), let c = eightHex(text, 16),
      let d = eightHex(text, 24)
    else { return nil }
    return (a << 32 | b, c << 32 | d)
  }

  @inline(__always)
  private static func fourHex(_ text: PaddedBytes, _ offset: Int) -> UInt64? {
    hex(text.word(offset) & 0xFFFF_FFFF | 0x3030_3030_0000_0000).map { $0 >> 16 }
  }

  @inline(__always)
  private static func eightHex(_ text: PaddedBytes, _ offset: Int) -> UInt64? { hex(text.word(offset)) }

  /// Eight lower-case hex digits at once, the first one lowest in the word, or nil.
  ///
  /// Digits are 0x30…0x39, letters 0x61…0x66: bit 6 tells them apart. Each nibble is then gathered by two folds.
  @inline(__always)
  private static func hex(_ word: UInt64) -> UInt64? {
    let ones = ByteWords.ones
    let letters = (word >> 6) & ones
    let values = (word & (ones &* 0x0F)) &+ letters &* 9
    // What the digits would be if these were their values; equal only for valid ones.
    let low = values &+ (ones &* 6)
    let isLetter = (low >> 4) & ones
    let expected = values &+ (ones &* 0x30) &+ isLetter &* 0x27
    guard expected == word, isLetter == letters, values & (ones &* 0xF0) == 0 else { return nil }
    let pairs = (values << 4 | values >> 8) & 0x00FF_00FF_00FF_00FF
    let quads = (pairs << 8 | pairs >> 16) & 0x0000_FFFF_0000_FFFF
    return (quads << 16 | quads >> 32) & 0xFFFF_FFFF
  }

  /// The text of a UUID's bits.
  static func uuidText(high: UInt64, low: UInt64) -> String {
    let digits = hexText(high) + hexText(low)
    let cuts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)]
    return cuts.map { String(decoding: digits[$0.0..<$0.1], as: UTF8.self) }.joined(separator: "-")
  }

  static func hex32Text(high: UInt64, low: UInt64) -> String {
    String(decoding: hexText(high) + hexText(low), as: UTF8.self)
  }

  private static func hexText(_ value: UInt64) -> [UInt8] {
    stride(from: 60, through: 0, by: -4).map { shift in
      let nibble = UInt8(value >> UInt64(shift) & 15)
      return nibble < 10 ? 0x30 + nibble : 0x57 + nibble
    }
  }
}

/// 128 bits as text, for whoever prints ids.
package enum IdentifierText {
  /// `08dc43e9-60c8-4f2f-910a-b727172ce311`
  package static func uuid(high: UInt64, low: UInt64) -> String { Identifier.uuidText(high: high, low: low) }
  /// `08dc43e960c84f2f910ab727172ce311`
  package static func hex32(high: UInt64, low: UInt64) -> String {
    Identifier.hex32Text(high: high, low: low)
  }
}
