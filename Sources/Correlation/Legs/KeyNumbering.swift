internal import AccessLog

/// Three words that name a thing: a connection's addresses, a request id and its service.
struct FlatKey: Equatable {
  var a: UInt64
  var b: UInt64
  var c: UInt64

  init(_ a: UInt64, _ b: UInt64, _ c: UInt64) {
    self.a = a
    self.b = b
    self.c = c
  }

  /// Two 32-bit indices in one word; -1 stays distinct from every index.
  static func pack(_ high: Int32, _ low: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: high)) << 32 | UInt64(UInt32(bitPattern: low))
  }
}

/// Numbers distinct keys 0, 1, 2 … in the order of their first appearance.
///
/// A flat open-addressing table: one array of slots, one of keys, no allocation per key. Keys may come from the
/// network (request ids), so the hash is a keyed one with secrets of the process; the numbers themselves depend only on
/// the order of the calls.
struct KeyNumbering {
  private var slots: [Int32]
  private var keys: [FlatKey] = []
  private let hash = KeyNumbering.hash

  private static let hash = MultilinearHash(.random(), words: 3, purpose: 0)

  init(expecting count: Int) {
    var size = 16
    while size < count * 2 { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
    keys.reserveCapacity(count)
  }

  var count: Int { keys.count }

  /// The key's number, given now if it has none yet.
  mutating func number(_ key: FlatKey) -> Int32 {
    var slot = place(key)
    while slots[slot] >= 0 {
      if keys[Int(slots[slot])] == key { return slots[slot] }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    let number = Int32(keys.count)
    slots[slot] = number
    keys.append(key)
    if keys.count * 2 > slots.count { grow() }
    return number
  }

  /// The key's number, or -1.
  func find(_ key: FlatKey) -> Int32 {
    var slot = place(key)
    while slots[slot] >= 0 {
      if keys[Int(slots[slot])] == key { return slots[slot] }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    return -1
  }

  private func place(_ key: FlatKey) -> Int {
    let sum = hash.part(0, key.a) &+ hash.part(1, key.b) &+ hash.part(2, key.c)
    return Int(truncatingIfNeeded: hash.finish(sum)) & (slots.count &- 1)
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for number in keys.indices {
      var slot = place(keys[number])
      while slots[slot] >= 0 { slot = (slot &+ 1) & (slots.count &- 1) }
      slots[slot] = Int32(number)
    }
  }
}

/// Items sorted into numbered groups; within a group they keep the order in which they came.
struct Grouping {
  /// `members[starts[g] ..< starts[g + 1]]` are the items of group g.
  private(set) var starts: [Int32]
  private(set) var members: [Int32]

  /// - Parameters:
  ///   - items: the items to sort.
  ///   - groups: the group of each item, by position; a negative group leaves the item out.
  ///   - count: how many groups there are.
  init(items: [Int32], groups: [Int32], count: Int) {
    starts = [Int32](repeating: 0, count: count + 1)
    for group in groups where group >= 0 { starts[Int(group) + 1] += 1 }
    for group in 0..<count { starts[group + 1] += starts[group] }
    members = [Int32](repeating: 0, count: Int(starts[count]))
    var next = starts
    for position in items.indices where groups[position] >= 0 {
      let group = Int(groups[position])
      members[Int(next[group])] = items[position]
      next[group] += 1
    }
  }

  var count: Int { starts.count - 1 }

  func range(_ group: Int) -> Range<Int> { Int(starts[group])..<Int(starts[group + 1]) }

  subscript(_ group: Int) -> ArraySlice<Int32> { members[range(group)] }
}
