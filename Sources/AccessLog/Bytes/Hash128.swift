/// A 128-bit content hash: two 64-bit lanes of the multiply-and-fold family (wyhash, by Wang Yi).
///
/// Anybody can compute it, and two lines that share it can be made. So it only puts lines in an order
/// (`LineIdentities`); in databases that were made before schema 6 it names them.
package struct Hash128: Sendable, Equatable {
  package var high: UInt64
  package var low: UInt64

  private static let secret: (UInt64, UInt64, UInt64, UInt64) = (
    0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3, 0x5899_65CC_7537_4CC3
  )

  @inline(__always)
  static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  /// The hash of a line; reads slack behind it, which does not count.
  ///
  /// Four lanes, because one multiplication waits four cycles for the one before it.
  @inline(__always)
  package static func of(_ line: PaddedBytes, seed: UInt64) -> Hash128 {
    var lanes = (seed ^ secret.0, seed ^ secret.1, seed ^ secret.2, seed ^ secret.3)
    var offset = 0
    while offset &+ 64 <= line.count {
      lanes.0 = fold(line.word(offset) ^ secret.1, line.word(offset &+ 8) ^ lanes.0)
      lanes.1 = fold(line.word(offset &+ 16) ^ secret.2, line.word(offset &+ 24) ^ lanes.1)
      lanes.2 = fold(line.word(offset &+ 32) ^ secret.3, line.word(offset &+ 40) ^ lanes.2)
      lanes.3 = fold(line.word(offset &+ 48) ^ secret.0, line.word(offset &+ 56) ^ lanes.3)
      offset = offset &+ 64
    }
    while offset < line.count {
      let word = line.tail(offset)
      lanes.0 = fold(word ^ secret.3, lanes.0 ^ secret.0)
      lanes.1 = fold(word ^ secret.2, lanes.1 ^ UInt64(truncatingIfNeeded: offset))
      offset = offset &+ 8
    }
    return finish(lanes.0 ^ lanes.2, lanes.1 &+ lanes.3, count: line.count)
  }

  @inline(__always)
  private static func finish(_ first: UInt64, _ second: UInt64, count: Int) -> Hash128 {
    let length = UInt64(truncatingIfNeeded: count)
    return Hash128(
      high: fold(first ^ secret.1, second ^ secret.2 ^ length),
      low: fold(first ^ secret.3 ^ length, second ^ secret.0))
  }

  /// This hash with a number mixed in.
  @inline(__always)
  package func mixed(with number: UInt64) -> Hash128 {
    Hash128(
      high: Hash128.fold(high ^ Hash128.secret.2, number ^ Hash128.secret.0),
      low: Hash128.fold(low ^ Hash128.secret.1, number ^ Hash128.secret.3))
  }

  /// The hash of text, for keys.
  package static func of(_ bytes: [UInt8], seed: UInt64 = 0) -> Hash128 {
    PaddedBytes.withCopy(of: bytes) { Hash128.of($0, seed: seed) }
  }
}
