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

/// Keys of connections as rows name them, many times the same. They are only told apart when somebody asks how many there are,
/// or when as many came as there were: hardly any is looked at twice, and no set has to grow.
struct ConnectionKeys: Sendable {
  private var keys: [UInt64]
  /// So many of them, from the first, are known to differ.
  private var settled = 0
  /// Fewer are not worth it.
  private static let least = 4096

  init(_ keys: [UInt64] = []) { self.keys = keys }

  mutating func append(_ key: UInt64) { keys.append(key) }

  /// After some were appended: bounds the memory by the connections that differ.
  mutating func settleIfDoubled() {
    if keys.count > max(ConnectionKeys.least, settled * 2) { settle() }
  }

  /// How many different ones.
  mutating func count() -> Int {
    settle()
    return keys.count
  }

  /// How many different ones are in any of several.
  static func count(_ lists: [ConnectionKeys]) -> Int {
    if lists.count == 1, lists[0].settled == lists[0].keys.count { return lists[0].settled }
    var set = KeySet(capacity: lists.reduce(0) { $0 + $1.keys.count })
    for list in lists {
      for key in list.keys { _ = set.insert(key) }
    }
    return set.count
  }

  /// Leaves each key once.
  mutating func settle() {
    if settled == keys.count { return }
    var set = KeySet(capacity: keys.count)
    var place = 0
    for number in keys.indices where set.insert(keys[number]) {
      keys[place] = keys[number]
      place += 1
    }
    keys.removeSubrange(place...)
    settled = place
  }
}
