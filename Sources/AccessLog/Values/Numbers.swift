/// Numbers as log lines write them: `7`, `"7"`, `200.0`, `-`, and what hostile ones put there.
enum Numbers {
  enum Reading: Equatable {
    case value(Int64)
    /// Negative, too large, or not a number at all.
    case bad
  }

  /// Text as a number times a power of ten: `scaled("4.25", by: 1000)` is 4250. Digits below one unit are dropped.
  ///
  /// Exponents are refused: Envoy writes none, and 1e400 has no place in an Int64.
  @inline(__always)
  static func scaled(_ text: PaddedBytes, by scale: Int64) -> Reading {
    if text.count <= 8, text.count > 0, let whole = ByteWords.decimal(text.word(0), count: text.count) {
      return product(Int64(whole), scale)
    }
    if text.count <= 18, let whole = digits(text) { return product(whole, scale) }
    return slow(text, by: scale)
  }

  /// Up to 18 digits and nothing else.
  @inline(__always)
  private static func digits(_ text: PaddedBytes) -> Int64? {
    guard text.count > 0 else { return nil }
    var value: Int64 = 0
    for offset in 0..<text.count {
      let digit = text[offset] &- 0x30
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int64(digit)
    }
    return value
  }

  @inline(__always)
  private static func product(_ value: Int64, _ scale: Int64) -> Reading {
    let (result, overflow) = value.multipliedReportingOverflow(by: scale)
    return overflow ? .bad : .value(result)
  }

  private static func slow(_ text: PaddedBytes, by scale: Int64) -> Reading {
    var value: Int64 = 0
    var offset = 0
    while offset < text.count, JSONGrammar.isDigit(text[offset]) {
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = shifted.addingReportingOverflow(Int64(text[offset] &- 0x30))
      if overflow || carried { return .bad }
      value = sum
      offset += 1
    }
    guard offset > 0, case .value(let whole) = product(value, scale) else { return .bad }
    if offset == text.count { return .value(whole) }
    guard text[offset] == UInt8(ascii: "."), offset + 1 < text.count else { return .bad }
    var unit = scale
    var fraction: Int64 = 0
    for index in offset + 1..<text.count {
      guard JSONGrammar.isDigit(text[index]) else { return .bad }
      unit /= 10
      fraction += unit * Int64(text[index] &- 0x30)
    }
    let (sum, overflow) = whole.addingReportingOverflow(fraction)
    return overflow ? .bad : .value(sum)
  }
}
