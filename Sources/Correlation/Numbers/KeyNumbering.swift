internal import AccessLog

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
    assert(size & (size - 1) == 0, "places are masked")
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
