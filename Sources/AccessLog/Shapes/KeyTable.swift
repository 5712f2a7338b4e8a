/// From a JSON key to the field it names, in some ten nanoseconds: for the full scanner, which asks for every key.
///
/// Valid because a key is compared whole: its first 32 bytes at once, and its last eight. Keys of more than 40 bytes
/// are not in the table but in a dictionary; no log writer has any.
struct KeyTable {
  private struct Entry {
    /// The key's first 32 bytes, zeros behind its end. First in the entry: its address is the entry's.
    var text: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// One bit for each of these bytes that belongs to the key.
    var needed: UInt32 = 0
    /// The key's length; -1 in an empty entry.
    var count: Int32 = -1
    var last: UInt64 = 0
    var field = Field.startTime
  }

  private var entries = Array(repeating: Entry(), count: KeyTable.size)
  private var long: [[UInt8]: Field] = [:]
  private var used = 0

  /// Entries, a power of two: four times the names that there are.
  private static let size = 256
  private static let longestKey = 40

  /// The table of all who have no names of their own.
  static let standard = KeyTable(nil)

  /// The names that `FieldNames` has and those of the user's own, which count first.
  init(_ names: FieldMap?) {
    for (key, field) in (names?.entries ?? []).map({ ($0.key, $0.field) }) + FieldNames.keys {
      add(key, field)
    }
  }

  private mutating func add(_ key: [UInt8], _ field: Field) {
    PaddedBytes.withCopy(of: key) { key in
      guard self.field(key, hash: KeyTable.hash(key)) == nil else { return }
      guard key.count <= KeyTable.longestKey, used < KeyTable.size / 2 else {
        long[key.copy] = field
        return
      }
      var index = Int(truncatingIfNeeded: KeyTable.hash(key)) & (KeyTable.size - 1)
      while entries[index].count >= 0 { index = (index + 1) & (KeyTable.size - 1) }
      entries[index] = Entry(
        text: (key.tail(0), key.tail(8), key.tail(16), key.tail(24)),
        needed: key.count >= 32 ? ~0 : (1 << UInt32(key.count)) - 1, count: Int32(key.count),
        last: KeyTable.last(key), field: field)
      used += 1
    }
  }

  /// The field that a key names, or nil. `hash` is the key's.
  @inline(__always)
  func field(_ key: PaddedBytes, hash: UInt64) -> Field? {
    guard key.count <= KeyTable.longestKey else { return longField(key) }
    return unsafe entries.withUnsafeBufferPointer { entries in
      // Safe: the index is masked to the table's size; an entry's text is its first 32 bytes.
      guard let base = entries.baseAddress else { return nil }
      var index = Int(truncatingIfNeeded: hash) & (KeyTable.size - 1)
      while unsafe base[index].count >= 0 {
        if unsafe base[index].count == key.count,
          unsafe key.isEqual(0, to: UnsafeRawPointer(base + index), needed: base[index].needed),
          unsafe base[index].last == KeyTable.last(key)
        {
          return unsafe base[index].field
        }
        index = (index + 1) & (KeyTable.size - 1)
      }
      return used < KeyTable.size / 2 ? nil : longField(key)
    }
  }

  @inline(never)
  private func longField(_ key: PaddedBytes) -> Field? { long.isEmpty ? nil : long[key.copy] }

  /// A hash of all of a key; of one of at most 32 bytes without a branch, for shuffled keys cannot be guessed.
  @inline(__always)
  static func hash(_ key: PaddedBytes) -> UInt64 {
    guard key.count <= 32 else { return longHash(key) }
    let front = Hash128.fold(
      key.shortTail(0) ^ 0xA076_1D64_78BD_642F,
      key.shortTail(8) ^ 0xE703_7ED1_A0B4_28DB ^ UInt64(truncatingIfNeeded: key.count))
    let back = Hash128.fold(
      key.shortTail(16) ^ 0x8EBC_6AF0_9C88_C6E3, key.shortTail(24) ^ 0x5899_65CC_7537_4CC3)
    return front ^ back
  }

  @inline(never)
  private static func longHash(_ key: PaddedBytes) -> UInt64 {
    stride(from: 0, to: key.count, by: 8).reduce(UInt64(truncatingIfNeeded: key.count)) { hash, offset in
      Hash128.fold(hash ^ key.tail(offset), 0x5899_65CC_7537_4CC3)
    }
  }

  /// The last eight bytes of a key that has so many; else 0.
  @inline(__always)
  private static func last(_ key: PaddedBytes) -> UInt64 { key.count >= 8 ? key.word(key.count - 8) : 0 }
}
