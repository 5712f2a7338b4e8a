/// Unsigned numbers in as few bytes as they need, seven bits in each, the lowest first; the eighth says that more follow.
package enum LEB128 {
  @inline(__always)
  package static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// The number at `offset`, which moves behind it; nil where the bytes end before it does, or it has more than 63 bits.
  @inline(__always)
  package static func next(_ bytes: Span<UInt8>, _ offset: inout Int) -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while offset < bytes.count, shift < 63 {
      let byte = bytes[offset]
      offset += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }
}
