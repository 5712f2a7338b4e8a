/// Attribute sets by the 128-bit hash of their raw values, with what was odd about them.
///
/// Open addressing, because Dictionary would hash the hash again, once per line. The key is seeded per process
/// (`AttributeReader`), so nobody can aim at a slot.
struct AttributeTable {
  struct Key: Equatable {
    var high: UInt64
    var low: UInt64
  }

  struct Found {
    var index: Int32
    var anomalies: Anomalies
  }

  private struct Slot {
    var key = Key(high: 0, low: 0)
    var found = Found(index: -1, anomalies: [])
  }

  private var slots = Array(repeating: Slot(), count: 1 << 10)
  private var count = 0

  subscript(key: Key) -> Found? {
    @inline(__always) get {
      var slot = Int(truncatingIfNeeded: key.low) & (slots.count - 1)
      while slots[slot].found.index >= 0 {
        if slots[slot].key == key { return slots[slot].found }
        slot = (slot + 1) & (slots.count - 1)
      }
      return nil
    }
  }

  mutating func insert(_ key: Key, _ found: Found) {
    if (count + 1) * 2 > slots.count { grow() }
    place(key, found)
    count += 1
  }

  mutating func removeAll() {
    slots = Array(repeating: Slot(), count: 1 << 10)
    count = 0
  }

  private mutating func place(_ key: Key, _ found: Found) {
    var slot = Int(truncatingIfNeeded: key.low) & (slots.count - 1)
    while slots[slot].found.index >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Slot(key: key, found: found)
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(), count: old.count * 2)
    for slot in old where slot.found.index >= 0 { place(slot.key, slot.found) }
  }
}
