/// `10.2.1.21:80` as `ip << 16 | port`, the form nearly every address of a mesh has.
enum IPv4Endpoint {
  /// The number, or nil where the text is anything but four canonical octets and a port from 0 to 65535.
  ///
  /// Leading zeros are refused, so that printing gives back the text; 0.0.0.0:0 is refused because 0 means missing.
  @inline(__always)
  static func parse(_ text: PaddedBytes) -> Int64? {
    guard let host = host(text), let port = port(text, from: host.end) else { return nil }
    let value = host.address << 16 | port
    return value == 0 ? nil : value
  }

  /// The four octets and the offset behind the colon that follows them.
  @inline(__always)
  static func host(_ text: PaddedBytes) -> (address: Int64, end: Int)? {
    guard text.count >= 9, text.count <= 21 else { return nil }
    // The longest host has 15 characters: all its dots and its colon are in the first 16 bytes, or it is none.
    var dots = text.equal(0, UInt8(ascii: "."))
    let colon = text.equal(0, UInt8(ascii: ":")).trailingZeroBitCount
    guard colon < text.count else { return nil }
    var address: Int64 = 0
    var start = 0
    // Where a dot is missing, its place is 32, and the octet before it too long.
    for _ in 0..<3 {
      let end = dots.trailingZeroBitCount
      guard let octet = octet(text, start, end) else { return nil }
      address = address << 8 | octet
      start = end + 1
      dots &= dots &- 1
    }
    guard let octet = octet(text, start, colon) else { return nil }
    return (address << 8 | octet, colon + 1)
  }

  /// One to three digits.
  @inline(__always)
  private static func octet(_ text: PaddedBytes, _ start: Int, _ end: Int) -> Int64? {
    let count = end &- start
    guard count >= 1, count <= 3, let value = ByteWords.decimal(text.word(start), count: count), value < 256,
      text[start] != UInt8(ascii: "0") || count == 1
    else { return nil }
    return Int64(value)
  }

  /// The port that is the rest of the text.
  @inline(__always)
  static func port(_ text: PaddedBytes, from start: Int) -> Int64? {
    let count = text.count &- start
    guard count >= 1, count <= 5, let value = ByteWords.decimal(text.word(start), count: count),
      value < 65_536, text[start] != UInt8(ascii: "0") || count == 1
    else { return nil }
    return Int64(value)
  }

  /// The text of a number made by `parse`.
  package static func text(_ value: Int64) -> String {
    let ip = value >> 16
    return "\(ip >> 24 & 255).\(ip >> 16 & 255).\(ip >> 8 & 255).\(ip & 255):\(value & 0xFFFF)"
  }
}

extension Address {
  /// The IPv4 address without its port, or nil where missing or not IPv4.
  package var ipv4: Int64? { rawValue > 0 ? rawValue >> 16 : nil }
  /// The port of an IPv4 address.
  package var port: Int64? { rawValue > 0 ? rawValue & 0xFFFF : nil }
  /// `10.2.1.21:80`, or nil where missing or not IPv4.
  package var ipv4Text: String? { rawValue > 0 ? IPv4Endpoint.text(rawValue) : nil }
}
