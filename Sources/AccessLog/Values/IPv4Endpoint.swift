/// `10.2.1.21:80` as `ip << 16 | port`, the form nearly every address of a mesh has.
enum IPv4Endpoint {
  /// The number, or nil where the text is anything but four canonical octets and a port from 0 to 65535.
  ///
  /// Leading zeros are refused, so that printing gives back the text; 0.0.0.0:0 is refused because 0 means missing.
  @inline(__always)
  static func parse(_ text: PaddedBytes) -> Int64? {
    guard text.count >= 9, text.count <= 21 else { return nil }
    var offset = 0
    var address: Int64 = 0
    for part in 0..<4 {
      guard let octet = number(text, at: &offset, upTo: 255) else { return nil }
      address = address << 8 | octet
      let separator = part < 3 ? UInt8(ascii: ".") : UInt8(ascii: ":")
      guard offset < text.count, text[offset] == separator else { return nil }
      offset += 1
    }
    guard let port = number(text, at: &offset, upTo: 65_535), offset == text.count else { return nil }
    let value = address << 16 | port
    return value == 0 ? nil : value
  }

  @inline(__always)
  private static func number(_ text: PaddedBytes, at offset: inout Int, upTo limit: Int64) -> Int64? {
    let start = offset
    var value: Int64 = 0
    while offset < text.count, offset - start < 5, JSONGrammar.isDigit(text[offset]) {
      value = value * 10 + Int64(text[offset] &- 0x30)
      offset += 1
    }
    guard offset > start, value <= limit else { return nil }
    return text[start] == UInt8(ascii: "0") && offset - start > 1 ? nil : value
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
