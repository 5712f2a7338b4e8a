/// The inside of JSON strings, as UTF-8.
package enum JSONString {
  /// Appends the text that `range` of a JSON text (a string without its quotes) stands for.
  ///
  /// A lone surrogate becomes U+FFFD, an escape that JSON does not have stays as it stands. Bytes that are not UTF-8
  /// are passed on: who stores them decides.
  /// - Returns: whether every escape was one.
  @discardableResult
  package static func unescape(_ line: Span<UInt8>, _ range: Range<Int>, into text: inout [UInt8]) -> Bool {
    var isClean = true
    var index = range.lowerBound
    let end = min(range.upperBound, line.count)
    while index < end {
      let stretch = line.first(0x5C, from: index, to: end) ?? end
      text.append(line, index..<stretch)
      index = stretch
      guard index < end else { break }
      guard index + 1 < end else {
        text.append(0x5C)
        return false
      }
      if line[index + 1] == 0x75 {
        index += unicode(line, at: index, end: end, into: &text, isClean: &isClean)
        continue
      }
      if let byte = simple(line[index + 1]) {
        text.append(byte)
      } else {
        isClean = false
        text.append(0x5C)
        text.append(line[index + 1])
      }
      index += 2
    }
    return isClean
  }

  private static func simple(_ letter: UInt8) -> UInt8? {
    switch letter {
    case 0x22, 0x5C, 0x2F: letter
    case 0x62: 0x08
    case 0x66: 0x0C
    case 0x6E: 0x0A
    case 0x72: 0x0D
    case 0x74: 0x09
    default: nil
    }
  }

  /// Decodes `\uXXXX`, or a pair of them, at `index`; returns how many bytes it took.
  private static func unicode(
    _ line: Span<UInt8>, at index: Int, end: Int, into text: inout [UInt8], isClean: inout Bool
  ) -> Int {
    guard let unit = hex4(line, at: index + 2, end: end) else {
      isClean = false
      text.append(0x5C)
      return 1
    }
    if let scalar = Unicode.Scalar(unit) {
      text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      return 6
    }
    if unit < 0xDC00, index + 7 < end, line[index + 6] == 0x5C, line[index + 7] == 0x75,
      let low = hex4(line, at: index + 8, end: end), (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    {
      text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      return 12
    }
    isClean = false
    text.append(contentsOf: UTF8.encodedReplacementCharacter)
    return 6
  }

  private static func hex4(_ line: Span<UInt8>, at start: Int, end: Int) -> UInt32? {
    guard start + 4 <= end else { return nil }
    var value: UInt32 = 0
    for index in start..<start + 4 {
      let byte = line[index]
      let letter = byte | 0x20
      if byte.isDigit {
        value = value << 4 | UInt32(byte & 0x0F)
      } else if letter &- 0x61 < 6 {
        value = value << 4 | UInt32(letter - 0x57)
      } else {
        return nil
      }
    }
    return value
  }
}

extension [UInt8] {
  /// Appends `range` of `line`.
  mutating func append(_ line: Span<UInt8>, _ range: Range<Int>) {
    // Safe: `extracting` checks the range, and the bytes are copied before the closure ends.
    unsafe line.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
