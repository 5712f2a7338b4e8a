/// A keyed 64-bit hash of a line and its source: what tells a line that is fed again from another one.
///
/// Lines are not stored, so that a hash has to do, and it must be one that cannot be steered: a sum of products of the line's
/// words with secret numbers added (NH, from UMAC: Black, Halevi, Krawczyk, Krovetz, Rogaway, CRYPTO 1999), for each
/// kibibyte; what comes of these is joined by SipHash, and hashed together with length and source by `MultilinearHash`. Two
/// different lines share a hash with a chance of 2^-63, whoever chose them. Seven instructions for 16 bytes, and no
/// product waits for another.
package struct LineHash: Sendable {
  /// Added to the words of each block.
  private let words: [UInt64]
  private let chain: SipKey
  private let ends: MultilinearHash

  /// Bytes whose words have secrets of their own.
  private static let blockBytes = 1024

  package init(_ secret: SipKey) {
    words = secret.words(LineHash.blockBytes / 8, for: 1)
    let chained = secret.words(2, for: 2)
    chain = SipKey(chained[0], chained[1])
    ends = MultilinearHash(secret, words: 5, purpose: 3)
  }

  /// `source`: a number that is another one for another source.
  @inline(__always)
  package func of(_ line: PaddedBytes, source: UInt64) -> UInt64 {
    line.count <= LineHash.blockBytes
      ? finish(sum(line), 0, line.count, source) : ofLong(line, source: source)
  }

  /// The hash of a line that others before it are equal to: so many.
  package func mixed(_ hash: UInt64, with earlier: UInt64) -> UInt64 { chain.hash(words: [hash, earlier]) }

  @inline(never)
  private func ofLong(_ line: PaddedBytes, source: UInt64) -> UInt64 {
    var before: UInt64 = 0
    var begin = 0
    while begin + LineHash.blockBytes < line.count {
      let sum = sum(line.slice(begin..<begin + LineHash.blockBytes))
      before = chain.hash(words: [
        before, UInt64(truncatingIfNeeded: sum >> 64), UInt64(truncatingIfNeeded: sum),
      ])
      begin += LineHash.blockBytes
    }
    return finish(sum(line.slice(begin..<line.count)), before, line.count, source)
  }

  @inline(__always)
  private func finish(_ sum: UInt128, _ before: UInt64, _ count: Int, _ source: UInt64) -> UInt64 {
    ends.finish(
      ends.part(0, UInt64(truncatingIfNeeded: sum >> 64)) &+ ends.part(1, UInt64(truncatingIfNeeded: sum))
        &+ ends.part(2, before) &+ ends.part(3, UInt64(truncatingIfNeeded: count)) &+ ends.part(4, source))
  }

  /// Of at most one block; words behind its end count as zero.
  @inline(__always)
  private func sum(_ block: PaddedBytes) -> UInt128 {
    // Safe: there is a secret for each word of a block.
    unsafe words.withUnsafeBufferPointer { words in
      var sum: UInt128 = 0
      var (offset, place) = (0, 0)
      while offset &+ 64 <= block.count {
        for step in 0..<4 {
          let first = unsafe block.word(offset &+ 16 &* step) &+ words[place &+ 2 &* step]
          let second = unsafe block.word(offset &+ 16 &* step &+ 8) &+ words[place &+ 2 &* step &+ 1]
          sum = sum &+ UInt128(first) &* UInt128(second)
        }
        (offset, place) = (offset &+ 64, place &+ 8)
      }
      while offset < block.count {
        let first = unsafe block.tail(offset) &+ words[place]
        let second = unsafe block.tail(offset &+ 8) &+ words[place &+ 1]
        sum = sum &+ UInt128(first) &* UInt128(second)
        (offset, place) = (offset &+ 16, place &+ 2)
      }
      return sum
    }
  }
}
