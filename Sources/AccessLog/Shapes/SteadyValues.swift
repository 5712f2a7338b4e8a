/// Which values of a shape's lines have been the same on line after line: they can be compared together with the keys
/// around them.
///
/// Every `term` lines, `proof` lines are looked at; what is the same in all of them is steady until a line has another
/// value there. A log in which every value changes now and then costs one new text for each value and term.
struct SteadyValues {
  /// A value as it stands in a line, its quotes included.
  struct Value: Equatable {
    var bytes: [UInt8]
    var kind: FieldSlice.Kind
  }

  static let proof = 32
  static let term = 1 << 14
  /// Of the lines that are watched: more changes of a length are too many for the next one to be guessed.
  private static let often = proof / 4
  /// Bytes of a value beyond which it is not taken for steady.
  private static let longest = 128

  /// By key; nil where the value is not steady.
  private(set) var steady: [Value?] = []
  /// By key, whether a value's length is often another one than on the line before.
  private(set) var varies: [Bool] = []
  private var candidates: [Value?] = []
  private var lengths: [Int32] = []
  private var changes: [Int] = []
  private var watched = 0

  /// How many lines may pass before the next one is to be watched.
  var linesUntilNext: Int { watched == 0 ? SteadyValues.term : 1 }

  /// Watches a line whose values are `found`; true where that has changed `steady`.
  mutating func watch(_ found: [FieldSlice], in line: PaddedBytes) -> Bool {
    if watched == 0 {
      candidates = found.map { SteadyValues.value($0, in: line) }
      changes = found.map { _ in 0 }
    } else {
      SteadyValues.drop(from: &candidates, othersThan: found, in: line)
      for index in found.indices where found[index].count != lengths[index] { changes[index] += 1 }
    }
    lengths = found.map(\.count)
    watched += 1
    guard watched == SteadyValues.proof else { return false }
    watched = 0
    let varies = changes.map { $0 > SteadyValues.often }
    guard candidates != steady || varies != self.varies else { return false }
    steady = candidates
    self.varies = varies
    return true
  }

  /// Values that differ from those of a line are not steady.
  mutating func dropOthers(than found: [FieldSlice], in line: PaddedBytes) {
    SteadyValues.drop(from: &steady, othersThan: found, in: line)
  }

  private static func drop(
    from values: inout [Value?], othersThan found: [FieldSlice], in line: PaddedBytes
  ) {
    for index in values.indices {
      if let value = values[index], !isEqual(value, found[index], in: line) { values[index] = nil }
    }
  }

  private static func isEqual(_ value: Value, _ slice: FieldSlice, in line: PaddedBytes) -> Bool {
    let range = range(of: slice)
    guard value.kind == slice.kind, value.bytes.count == range.count else { return false }
    // Safe: the slice is one of this line; where it is a text, its quotes stand around it.
    return unsafe line.bytes(range).elementsEqual(value.bytes)
  }

  /// Nil where a value is too long or not ASCII.
  private static func value(_ slice: FieldSlice, in line: PaddedBytes) -> Value? {
    let range = range(of: slice)
    guard range.count <= longest else { return nil }
    let bytes = line.slice(range).copy
    return bytes.allSatisfy { $0 < 0x80 } ? Value(bytes: bytes, kind: slice.kind) : nil
  }

  /// A value with its quotes.
  private static func range(of slice: FieldSlice) -> Range<Int> {
    let quotes = slice.kind == .text ? 1 : 0
    return slice.range.lowerBound - quotes..<slice.range.upperBound + quotes
  }
}
