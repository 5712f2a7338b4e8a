/// Where the keys of one line stand, as the full scanner meets them; reused from line to line.
struct KeyOrder {
  struct Key {
    /// Where `{"first":` or `,"next":` begins in the line, and its bytes.
    var start: Int32
    var count: Int32
    var field: Field?

    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
  }

  private(set) var keys: [Key] = []
  /// A number that lines with the same keys in the same order share, and hardly any others.
  private(set) var hash: UInt64 = 0
  /// False where something is between the keys and values that a shape cannot have: spaces, an escape in a key.
  private(set) var isTight = true
  /// False where a value is nested, a truth value or a string with escapes, which `PredictedScan` does not read.
  private(set) var isPredictable = true

  mutating func begin(isTight: Bool) {
    keys.removeAll(keepingCapacity: true)
    hash = 0
    self.isTight = isTight
    isPredictable = true
  }

  @inline(__always)
  mutating func append(_ key: Key, hash keyHash: UInt64) {
    guard keys.count < LineShape.maximumKeys else { return loosen() }
    keys.append(key)
    hash = Hash128.fold(hash ^ keyHash, 0x9E37_79B9_7F4A_7C15)
  }

  mutating func loosen() { isTight = false }

  @inline(__always)
  mutating func note(_ kind: FieldSlice.Kind) {
    if kind == .escapedText || kind == .other { isPredictable = false }
  }

  /// The keys as they stand in the line, `"key":` each.
  func texts(in line: PaddedBytes) -> [[UInt8]] {
    keys.map { line.slice($0.range.dropFirst()).copy }
  }
}
