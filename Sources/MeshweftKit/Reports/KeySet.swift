/// A set of keys that are hashes already: open addressing over the keys themselves, which is some five times quicker
/// than `Set`, whose hash protects from chosen keys. Reports count connections with it, hundred thousands of them.
struct KeySet: Sendable {
  /// Zero is a free slot; a key of zero is kept apart.
  private var slots: [UInt64] = []
  private var hasZero = false
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func insert(_ key: UInt64) {
    guard key != 0 else {
      if !hasZero { count += 1 }
      hasZero = true
      return
    }
    if (count + 1) * 4 > slots.count * 3 { grow() }
    var slot = KeySet.first(key, slots.count)
    while slots[slot] != 0 {
      if slots[slot] == key { return }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = key
    count += 1
  }

  /// The smaller of the two goes into the larger one.
  mutating func formUnion(_ other: KeySet) {
    var smaller = other
    if count < smaller.count { swap(&self, &smaller) }
    if smaller.hasZero { insert(0) }
    for key in smaller.slots where key != 0 { insert(key) }
  }

  /// The slot that a key is looked for first; `slots` is a power of two.
  @inline(__always)
  private static func first(_ key: UInt64, _ slots: Int) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & (slots - 1)
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: max(8, old.count * 2))
    for key in old where key != 0 {
      var slot = KeySet.first(key, slots.count)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = key
    }
  }
}

extension KeySet: ExpressibleByArrayLiteral {
  init(arrayLiteral keys: UInt64...) {
    for key in keys { insert(key) }
  }
}
