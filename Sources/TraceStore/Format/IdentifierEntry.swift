/// One entry of the index of request and trace ids: the first 40 bits of an id, and a hop that has it.
struct IdentifierEntry: Comparable {
  var key: Int64
  var hop: Int64

  /// Bits of an id that the index keeps: among 10 million hops a search meets one in 100 000 by chance, and reads it to
  /// see that it is another.
  static let keyBits: Int64 = 40

  /// `id`: its first 64 bits, or the hash of its text.
  init(id: UInt64, hop: Int64) {
    key = IdentifierEntry.key(of: id)
    self.hop = hop
  }

  init(key: Int64, hop: Int64) {
    self.key = key
    self.hop = hop
  }

  static func key(of id: UInt64) -> Int64 { Int64(id >> UInt64(64 - keyBits)) }

  @inline(__always)
  static func < (one: IdentifierEntry, other: IdentifierEntry) -> Bool {
    (one.key, one.hop) < (other.key, other.hop)
  }
}
