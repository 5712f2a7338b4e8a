internal import AccessLog

/// 128 bits as 32 lower-case hex digits, with a UUID's dashes or without, and back.
enum IdentifierText {
  private static let digits = Array("0123456789abcdef".utf8)
  private static let dashPositions = [8, 13, 18, 23]

  static func format(high: UInt64, low: UInt64, dashes: Bool) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for index in 0..<32 {
      if dashes && dashPositions.contains(text.count) { text.append(UInt8(ascii: "-")) }
      let word = index < 16 ? high : low
      text.append(digits[Int(word >> UInt64(60 - index % 16 * 4) & 15)])
    }
    return text
  }

  /// The text of `format`, without a test for each digit: for ids by the million.
  static func string(high: UInt64, low: UInt64, dashes: Bool) -> String {
    unsafe String(unsafeUninitializedCapacity: 36) { bytes in
      var place = 0
      for index in 0..<32 {
        if dashes, index == 8 || index == 12 || index == 16 || index == 20 {
          // Safe: 32 digits and four dashes are 36 bytes.
          unsafe bytes[place] = UInt8(ascii: "-")
          place += 1
        }
        let nibble = UInt8(truncatingIfNeeded: (index < 16 ? high : low) >> UInt64(60 - index % 16 * 4) & 15)
        // Safe: as above.
        unsafe bytes[place] = nibble < 10 ? 48 + nibble : 87 + nibble
        place += 1
      }
      return place
    }
  }

  /// - Returns: nil unless it is 32 lower-case hex digits, or a lower-case UUID.
  static func parse(_ text: some Collection<UInt8>) -> (high: UInt64, low: UInt64)? {
    guard text.count == 32 || text.count == 36 else { return nil }
    var words: (UInt64, UInt64) = (0, 0)
    for (position, byte) in text.enumerated() {
      if text.count == 36 && dashPositions.contains(position) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = hexDigit(byte) else { return nil }
      words = (words.0 << 4 | words.1 >> 60, words.1 << 4 | digit)
    }
    return words
  }

  static func hexDigit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    default: nil
    }
  }
}
