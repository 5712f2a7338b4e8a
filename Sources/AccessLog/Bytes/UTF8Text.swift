/// Bytes of a log value as valid UTF-8: escapes decoded, what is not a character replaced by U+FFFD.
package enum UTF8Text {
  /// Appends `bytes` to `output`; true if something was replaced.
  ///
  /// Replaces maximal subparts as the Unicode standard recommends (section 3.9), which is what Swift's own decoder
  /// does, too.
  package static func appendRepaired(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) -> Bool {
    // Safe: `bytes` is the caller's for the time of the call, and `output` gets copies.
    if unsafe isASCII(bytes) {
      unsafe output.append(contentsOf: bytes)
      return false
    }
    let before = output.count
    let text = unsafe String(decoding: bytes, as: UTF8.self)
    output.append(contentsOf: text.utf8)
    return unsafe !output[before...].elementsEqual(bytes)
  }

  static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var seen: UInt64 = 0
    var offset = 0
    // Safe: a word is read where eight bytes are left, and single bytes below `bytes.count`.
    while offset + 8 <= bytes.count {
      seen |= unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    for index in offset..<bytes.count { seen |= unsafe UInt64(bytes[index]) }
    return seen & ByteWords.highs == 0
  }

  /// Decodes the inside of a JSON string that the scanner accepted; true if something was replaced.
  ///
  /// Surrogate pairs are joined, lone surrogates replaced; an octal `\377` (see `JSONGrammar.StringEnd`) stands for
  /// one byte, and such bytes together for UTF-8.
  package static func appendUnescaped(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) -> Bool {
    var raw: [UInt8] = []
    raw.reserveCapacity(bytes.count)
    var replaced = false
    var offset = 0
    while offset < bytes.count {
      // Safe: every index is compared with `bytes.count` before it is read, here and in what this calls.
      let byte = unsafe bytes[offset]
      guard byte == UInt8(ascii: "\\"), offset + 1 < bytes.count else {
        raw.append(byte)
        offset += 1
        continue
      }
      offset = unsafe escape(bytes, at: offset + 1, to: &raw, &replaced)
    }
    let wasRepaired = unsafe raw.withUnsafeBytes { unsafe appendRepaired($0, to: &output) }
    return wasRepaired || replaced
  }

  private static func escape(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, to output: inout [UInt8], _ replaced: inout Bool
  ) -> Int {
    switch unsafe bytes[offset] {
    case UInt8(ascii: "b"): output.append(0x08)
    case UInt8(ascii: "f"): output.append(0x0C)
    case UInt8(ascii: "n"): output.append(0x0A)
    case UInt8(ascii: "r"): output.append(0x0D)
    case UInt8(ascii: "t"): output.append(0x09)
    case UInt8(ascii: "u"): return unsafe unicodeEscape(bytes, at: offset + 1, to: &output, &replaced)
    case let digit where (0x30...0x33).contains(digit) && offset + 2 < bytes.count:
      output.append(unsafe digit << 6 | (bytes[offset + 1] & 7) << 3 | (bytes[offset + 2] & 7))
      replaced = true
      return offset + 3
    case let other: output.append(other)
    }
    return offset + 1
  }

  private static func unicodeEscape(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, to output: inout [UInt8], _ replaced: inout Bool
  ) -> Int {
    guard let first = unsafe codeUnit(bytes, at: offset) else { return bytes.count }
    var end = offset + 4
    var scalar = Unicode.Scalar(first)
    if (0xD800..<0xDC00).contains(first), end + 6 <= bytes.count, unsafe bytes[end] == UInt8(ascii: "\\"),
      unsafe bytes[end + 1] == UInt8(ascii: "u"), let second = unsafe codeUnit(bytes, at: end + 2),
      (0xDC00..<0xE000).contains(second)
    {
      scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
      end += 6
    }
    if scalar == nil { replaced = true }
    output.append(
      contentsOf: Unicode.UTF8.encode(scalar ?? "\u{FFFD}") ?? Unicode.UTF8.encodedReplacementCharacter)
    return end
  }

  private static func codeUnit(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt16? {
    guard offset + 4 <= bytes.count else { return nil }
    var value: UInt16 = 0
    for index in 0..<4 {
      guard let digit = unsafe JSONGrammar.hexValue(bytes[offset + index]) else { return nil }
      value = value << 4 | UInt16(digit)
    }
    return value
  }

  /// The longest prefix of valid UTF-8 of at most `limit` bytes that does not cut a character.
  static func prefix(_ bytes: ArraySlice<UInt8>, limit: Int) -> ArraySlice<UInt8> {
    guard bytes.count > limit else { return bytes }
    var end = bytes.startIndex + limit
    while end > bytes.startIndex, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return bytes[..<end]
  }
}
