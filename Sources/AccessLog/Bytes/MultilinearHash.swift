/// A keyed hash of a few words: the upper half of a sum of products with secret numbers.
///
/// Two different inputs share a value with a chance of 2^-64, and no value says anything about another one: the family is
/// strongly universal (Dietzfelbinger, STACS 1996; Lemire, Kaser, "Strongly universal string hashing is fast", 2014). Parts
/// of the sum may be kept: it is made of one product for each word.
package struct MultilinearHash: Sendable {
  /// One more than there are words.
  private let secrets: [UInt128]

  package init(_ key: SipKey, words: Int, purpose: UInt64) {
    let halves = key.words(2 * (words + 1), for: purpose)
    secrets = (0...words).map { UInt128(halves[2 * $0]) << 64 | UInt128(halves[2 * $0 + 1]) }
  }

  /// The product of a word at a place (from 0), to be added to others.
  @inline(__always)
  package func part(_ place: Int, _ word: UInt64) -> UInt128 { secrets[place + 1] &* UInt128(word) }

  /// The hash of all words whose parts a sum has; words without a part are 0.
  @inline(__always)
  package func finish(_ sum: UInt128) -> UInt64 { UInt64(truncatingIfNeeded: (secrets[0] &+ sum) >> 64) }
}
