/// Keys of connections as rows hold them: eight bytes each, little-endian.
enum KeyBytes {
  static func packed(_ keys: [UInt64]) -> [UInt8] {
    keys.flatMap { key in (0..<8).map { UInt8(truncatingIfNeeded: key >> ($0 * 8)) } }
  }

  /// What is behind the last whole key is left out.
  static func unpacked(_ bytes: [UInt8]) -> [UInt64] {
    stride(from: 0, to: bytes.count - 7, by: 8).map { place in
      (0..<8).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64($1 * 8) }
    }
  }
}
