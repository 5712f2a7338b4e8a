/// Attribute sets by the 128-bit hash of their raw values, with what was odd about them.
///
/// Open addressing, because Dictionary would hash the hash again, once per line. The key's secrets are new for each
/// parser (`AttributeHash`), so nobody can aim at a slot.
@safe
struct AttributeTable: ~Copyable {
  struct Key: Equatable {
    var high: UInt64
    var low: UInt64

    /// The bits that choose a slot: of the middle, which all words of the sum reach.
    @inline(__always)
    fileprivate var place: Int { Int(truncatingIfNeeded: (high &+ low >> 32) &* 0x9E37_79B9_7F4A_7C15 >> 32) }
  }

  struct Found {
    var index: Int32
    var anomalies: Anomalies
  }

  private struct Slot {
    var key = Key(high: 0, low: 0)
    var found = Found(index: -1, anomalies: [])
  }

  private var slots = unsafe AttributeTable.empty(AttributeTable.firstSlots)
  private var count = 0

  private static let firstSlots = 1 << 10

  private static func empty(_ count: Int) -> UnsafeMutableBufferPointer<Slot> {
    let slots = UnsafeMutableBufferPointer<Slot>.allocate(capacity: count)
    unsafe slots.initialize(repeating: Slot())
    return unsafe slots
  }

  deinit { unsafe slots.deallocate() }

  subscript(key: Key) -> Found? {
    @inline(__always) get {
      // Safe: a place is masked to the slots' number, a power of two, of which half at least are empty.
      let last = unsafe slots.count &- 1
      var place = key.place & last
      while unsafe slots[place].found.index >= 0 {
        if unsafe slots[place].key == key { return unsafe slots[place].found }
        place = (place &+ 1) & last
      }
      return nil
    }
  }

  mutating func insert(_ key: Key, _ found: Found) {
    if unsafe (count + 1) * 2 > slots.count { grow() }
    place(Slot(key: key, found: found))
    count += 1
  }

  mutating func removeAll() {
    unsafe slots.deallocate()
    unsafe slots = AttributeTable.empty(AttributeTable.firstSlots)
    count = 0
  }

  private mutating func place(_ slot: Slot) {
    let last = unsafe slots.count - 1
    var place = slot.key.place & last
    while unsafe slots[place].found.index >= 0 { place = (place + 1) & last }
    unsafe slots[place] = slot
  }

  private mutating func grow() {
    let old = unsafe slots
    unsafe slots = AttributeTable.empty(old.count * 2)
    for index in 0..<old.count where unsafe old[index].found.index >= 0 { unsafe place(old[index]) }
    unsafe old.deallocate()
  }
}
