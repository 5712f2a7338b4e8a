/// The values of one line, one slice per field; a line is at most `Limits.lineBytes` long, so 32 bits do.
///
/// Reused from line to line: `reset()` before each, which costs nothing, for a value counts only where `present` has its
/// field. Storage is one allocation for the table's life, because it is
/// written some thirty times per line.
@safe
package struct FieldTable: ~Copyable {
  // Safe: the table alone owns the slices until `deinit`: one for each field and one for `nowhere`, set by `init`.
  // A place is a field's raw value or `nowhere`.
  private let slices: UnsafeMutableBufferPointer<FieldSlice>
  /// A key that names the same field occurred twice (CVE-2025-25294: forged fields). The first value stays.
  package var hasDuplicateKey = false
  /// How many of the line's keys named a field.
  package internal(set) var recognised = 0
  /// The fields that are there, a set bit for each: `1 << rawValue`.
  var present: UInt64 = 0
  /// No value has a byte beyond ASCII, escaped ones aside; false where nobody has looked.
  var isASCII = false
  /// The fields whose values are those that all lines with the same `layout` have, a set bit for each.
  var steady: UInt64 = 0
  /// See `LineShape.View.layout`.
  var layout: UInt64 = 0

  /// The place beside all fields, for values that nobody asks for.
  static let nowhere = Field.allCases.count

  package init() {
    unsafe slices = .allocate(capacity: FieldTable.nowhere + 1)
    unsafe slices.initialize(repeating: .absent)
  }

  deinit { unsafe slices.deallocate() }

  @inline(__always)
  package mutating func reset() {
    hasDuplicateKey = false
    recognised = 0
    present = 0
    isASCII = false
    steady = 0
    layout = 0
  }

  package subscript(field: Field) -> FieldSlice {
    @inline(__always) get {
      present & 1 << UInt64(field.rawValue) == 0 ? .absent : unsafe slices[Int(field.rawValue)]
    }
  }

  /// The value at a place that `present` has.
  @inline(__always)
  func slice(at place: Int) -> FieldSlice {
    assert(present & 1 << UInt64(place) != 0)
    return unsafe slices[place]
  }

  /// Sets a field that may have been set before; then the first value stays and the line is flagged.
  @inline(__always)
  package mutating func set(_ field: Field, _ slice: FieldSlice) {
    let bit: UInt64 = 1 << UInt64(field.rawValue)
    guard present & bit == 0 else {
      hasDuplicateKey = true
      return
    }
    present |= bit
    recognised += 1
    unsafe slices[Int(field.rawValue)] = slice
  }

  /// Where `PredictedScan` puts the values of a shape, each place once; `adopt` says at the end what was set. `nowhere` is
  /// the last place.
  var places: UnsafeMutablePointer<FieldSlice> {
    @inline(__always) get { unsafe slices.baseAddress.unsafelyUnwrapped }
  }
}
