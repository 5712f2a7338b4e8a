/// A secret of 128 bits, and SipHash-2-4 under it: a hash whose values nobody can foresee who does not know the secret
/// (Aumasson, Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012).
package struct SipKey: Sendable, Equatable {
  package let first: UInt64
  package let second: UInt64

  package init(_ first: UInt64, _ second: UInt64) {
    self.first = first
    self.second = second
  }

  /// From the system's source of secrets.
  package static func random() -> SipKey {
    SipKey(.random(in: .min ... .max), .random(in: .min ... .max))
  }

  package func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var state = SipState(self)
    var offset = 0
    // Safe: a word is read where eight bytes are left, and single bytes below `bytes.count`.
    while offset + 8 <= bytes.count {
      state.absorb(
        unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      offset += 8
    }
    var last = UInt64(truncatingIfNeeded: bytes.count) << 56
    for place in offset..<bytes.count { unsafe last |= UInt64(bytes[place]) << UInt64((place - offset) * 8) }
    return state.finish(last)
  }

  package func hash(_ bytes: [UInt8]) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe hash($0) }
  }

  package func hash(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { unsafe hash(UnsafeRawBufferPointer($0)) }
  }

  /// Of the words' bytes, the lowest first.
  package func hash(words: [UInt64]) -> UInt64 {
    var state = SipState(self)
    for word in words { state.absorb(word) }
    return state.finish(UInt64(truncatingIfNeeded: words.count * 8) << 56)
  }

  /// Secrets for another purpose: from none of them anything can be learned about this one.
  package func words(_ count: Int, for purpose: UInt64) -> [UInt64] {
    (0..<UInt64(count)).map { hash(words: [purpose, $0]) }
  }
}

private struct SipState {
  private var (v0, v1, v2, v3): (UInt64, UInt64, UInt64, UInt64)

  init(_ key: SipKey) {
    (v0, v1) = (key.first ^ 0x736f_6d65_7073_6575, key.second ^ 0x646f_7261_6e64_6f6d)
    (v2, v3) = (key.first ^ 0x6c79_6765_6e65_7261, key.second ^ 0x7465_6462_7974_6573)
  }

  @inline(__always)
  mutating func absorb(_ word: UInt64) {
    v3 ^= word
    turn()
    turn()
    v0 ^= word
  }

  @inline(__always)
  mutating func finish(_ last: UInt64) -> UInt64 {
    absorb(last)
    v2 ^= 0xff
    for _ in 0..<4 { turn() }
    return v0 ^ v1 ^ v2 ^ v3
  }

  @inline(__always)
  private mutating func turn() {
    v0 = v0 &+ v1
    v1 = SipState.rotated(v1, 13) ^ v0
    v0 = SipState.rotated(v0, 32)
    v2 = v2 &+ v3
    v3 = SipState.rotated(v3, 16) ^ v2
    v0 = v0 &+ v3
    v3 = SipState.rotated(v3, 21) ^ v0
    v2 = v2 &+ v1
    v1 = SipState.rotated(v1, 17) ^ v2
    v2 = SipState.rotated(v2, 32)
  }

  @inline(__always)
  private static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 {
    word &<< bits | word &>> (64 &- bits)
  }
}
