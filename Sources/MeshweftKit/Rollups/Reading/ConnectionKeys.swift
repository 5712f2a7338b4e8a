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
