/// A set of keys that are hashes already: open addressing over the keys themselves times a secret number, which is some five
/// times quicker than `Set`, and protects from chosen keys as well. It does not grow: whoever fills it knows how many there are at most.
struct KeySet {
  /// Zero is a free slot; a key of zero is kept apart.
  private var slots: [UInt64]
  private var hasZero = false
  private(set) var count = 0
  private let factor = KeySet.secret

  /// Odd. Of the process.
  private static let secret = UInt64.random(in: .min ... .max) | 1

  /// For so many keys.
  init(capacity: Int) {
    let atLeast = capacity + capacity / 3 + 1
    slots = [UInt64](repeating: 0, count: 1 << (Int.bitWidth - atLeast.leadingZeroBitCount))
  }

  /// - Returns: whether it was not there.
  mutating func insert(_ key: UInt64) -> Bool {
    guard key != 0 else {
      defer { hasZero = true }
      if !hasZero { count += 1 }
      return !hasZero
    }
    var slot = first(key)
    while slots[slot] != 0 {
      if slots[slot] == key { return false }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = key
    count += 1
    return true
  }

  /// The slot that a key is looked for first; `slots` is a power of two.
  @inline(__always)
  private func first(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* factor) >> 32) & (slots.count - 1)
  }
}
