/// The inside of JSON strings, as UTF-8.
package enum JSONString {
  /// Appends the text that `range` of a JSON text (a string without its quotes) stands for.
  ///
  /// A lone surrogate becomes U+FFFD, an escape that JSON does not have stays as it stands. Bytes that are not UTF-8
  /// are passed on: who stores them decides.
  /// - Returns: whether every escape was one.
  /// - Complexity: O(range); `text` grows once, since no escape is shorter than what it stands for.
  @discardableResult
  package static func unescape(_ line: Span<UInt8>, _ range: Range<Int>, into text: inout [UInt8]) -> Bool {
    let range = range.clamped(to: 0..<line.count)
    let start = text.count
    text.append(contentsOf: repeatElement(0, count: range.count))
    var writer = Writer(position: start)
    var index = range.lowerBound
    do {
      var out = text.mutableSpan
      while index < range.upperBound {
        let byte = line[index]
        if byte != 0x5C {
          out[writer.position] = byte
          writer.position += 1
          index += 1
        } else {
          index += writer.takeEscape(line, at: index, end: range.upperBound, into: &out)
        }
      }
    }
    text.removeLast(text.count - writer.position)
    return writer.isClean
  }
}

/// Where the next byte goes, and whether all escapes so far were some.
private struct Writer {
  var position: Int
  var isClean = true

  /// Writes what the escape at `index` stands for; returns how many bytes it took.
  mutating func takeEscape(
    _ line: Span<UInt8>, at index: Int, end: Int, into out: inout MutableSpan<UInt8>
  ) -> Int {
    if index + 1 < end, let byte = Self.simple(line[index + 1]) {
      put(byte, into: &out)
      return 2
    }
    if index + 1 < end, line[index + 1] == 0x75, let unit = Self.hex4(line, at: index + 2, end: end) {
      return takeUnit(unit, line, at: index, end: end, into: &out)
    }
    // The backslash stays; what follows it is text.
    isClean = false
    put(0x5C, into: &out)
    return 1
  }

  /// Writes a UTF-16 unit, with the one that follows it if they are a pair.
  private mutating func takeUnit(
    _ unit: UInt32, _ line: Span<UInt8>, at index: Int, end: Int, into out: inout MutableSpan<UInt8>
  ) -> Int {
    if let scalar = Unicode.Scalar(unit) {
      put(scalar, into: &out)
      return 6
    }
    if unit < 0xDC00, index + 7 < end, line[index + 6] == 0x5C, line[index + 7] == 0x75,
      let low = Self.hex4(line, at: index + 8, end: end), (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    {
      put(scalar, into: &out)
      return 12
    }
    isClean = false
    put("\u{FFFD}", into: &out)
    return 6
  }

  private mutating func put(_ byte: UInt8, into out: inout MutableSpan<UInt8>) {
    out[position] = byte
    position += 1
  }

  private mutating func put(_ scalar: Unicode.Scalar, into out: inout MutableSpan<UInt8>) {
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { put(byte, into: &out) }
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

extension JSONString {
  /// Appends `text` as the inside of a JSON string.
  static func escape(_ text: [UInt8], into out: inout [UInt8]) {
    for byte in text {
      switch byte {
      case 0x22, 0x5C: out += [0x5C, byte]
      case 0x0A: out += Array("\\n".utf8)
      case 0x0D: out += Array("\\r".utf8)
      case 0x09: out += Array("\\t".utf8)
      case 0..<0x20:
        let hex = Array("0123456789abcdef".utf8)
        out += Array("\\u00".utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      default: out.append(byte)
      }
    }
  }
}
