/// A 64-bit hash of bytes that anybody can compute: that of ids and texts in databases that were made before schema 6.
///
/// Eight bytes at a time, folded by a 64 × 64 → 128 bit multiplication (the construction of wyhash,
/// https://github.com/wangyi-fudan/wyhash). Texts that share one can be made at will: whoever uses it compares the bytes.
enum OpenHash {
  private static let secret: (UInt64, UInt64) = (0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db)

  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var state = secret.0 ^ UInt64(bytes.count)
    var offset = 0
    // Safe: a word is read where eight bytes are left, and single bytes below `bytes.count`.
    while offset + 8 <= bytes.count {
      let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      state = mix(state ^ word, secret.1)
      offset += 8
    }
    var tail: UInt64 = 0
    while offset < bytes.count {
      unsafe tail = tail << 8 | UInt64(bytes[offset])
      offset += 1
    }
    return mix(mix(state ^ tail, secret.1), secret.0)
  }

  static func of(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { unsafe of(UnsafeRawBufferPointer($0)) }
  }

  /// Joins two hashes; the order counts.
  static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = (left ^ secret.0).multipliedFullWidth(by: right ^ secret.1)
    return product.high ^ product.low ^ left &* 0x9e37_79b9_7f4a_7c15
  }
}
