internal import CBytes

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
    // The groups of four stand together as groups of eight do.
    let low: UInt64 = 0xFFFF_FFFF
    let high = bytes_hex(text.word(0), text.word(9) & low | text.word(14) << 32)
    let rest = bytes_hex(text.word(19) & low | text.word(24) << 32, text.word(28))
    return high.is_valid & rest.is_valid != 0 ? (high.value, rest.value) : nil
  }

  /// 32 lower-case hex digits (a W3C or B3 trace id), or nil.
  static func hex32(_ text: PaddedBytes) -> (high: UInt64, low: UInt64)? {
    guard text.count == 32 else { return nil }
    let high = bytes_hex(text.word(0), text.word(8))
    let low = bytes_hex(text.word(16), text.word(24))
    return high.is_valid & low.is_valid != 0 ? (high.value, low.value) : nil
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
