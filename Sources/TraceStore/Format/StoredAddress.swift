internal import AccessLog

/// An address as the store has it: NULL, `ip << 16 | port`, or `-text.id`; where its IP stands with the hop's
/// attributes, its port less 32 768, which takes two bytes.
enum StoredAddress {
  @inline(__always)
  static func port(_ address: Address) -> Int64 { address.rawValue & 0xFFFF - 0x8000 }

  /// The whole address again.
  @inline(__always)
  static func address(ip: Int64, port: Int64) -> Int64 { ip << 16 | (port + 0x8000) & 0xFFFF }

  /// Of a whole IPv4 address.
  static func ip(of address: Int64) -> Int64 { address >> 16 }

  static func encode(_ address: Address, texts: [Int64]) -> Int64? {
    if let index = address.textIndex { return -texts[Int(index)] }
    return address == .missing ? nil : address.rawValue
  }
}
