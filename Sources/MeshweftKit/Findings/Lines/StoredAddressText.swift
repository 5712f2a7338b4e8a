/// Addresses as the store keeps them: `ip << 16 | port`, or below zero for a text.
enum StoredAddressText {
  static func text(_ stored: Int64?, _ text: String?) -> String? {
    guard let stored, stored != 0 else { return nil }
    return stored < 0 ? text : "\(ip(stored)):\(stored & 0xFFFF)"
  }

  /// Of an address above zero.
  static func ip(_ stored: Int64) -> String {
    [40, 32, 24, 16].map { String(stored >> Int64($0) & 255) }.joined(separator: ".")
  }
}
