/// Keys, each counted once: a list that is sorted, and freed of what is there twice, whenever it has doubled. Of few keys it
/// takes a quarter of what a `Set` does, and adding one costs no hash.
struct KeyBag {
  private var keys: [UInt64] = []
  /// How many there may be before the next sorting.
  private var limit = 16

  mutating func add(_ key: UInt64) {
    if keys.last == key { return }
    if keys.count == limit {
      keys = sorted()
      limit = max(limit, 2 * keys.count)
    }
    keys.append(key)
  }

  /// Ascending, each once.
  func sorted() -> [UInt64] {
    var unique: [UInt64] = []
    for key in keys.sorted() where unique.last != key { unique.append(key) }
    return unique
  }
}
