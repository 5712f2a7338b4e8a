internal import CBytes

/// The fast path: a line that has the shape of one before it.
///
/// Valid because a shape's texts hold everything between the values, quotes of keys, colons and commas included:
/// if every text compares equal and every value is a string without escapes, a number, or null, then the line
/// is the JSON object that the full scanner would find, with the same members. It does not apply to nested values,
/// escapes, or any byte out of place: then it says no, and the full scanner decides. A steady value is a string, number
/// or null of this kind that is part of the text: where the text is equal, the same value ends at the same byte.
///
/// A key costs one comparison of 32 bytes, a string one look at each 16 bytes: 60 instructions for both together. Where
/// a value ends is known 15 cycles after where it begins, and 25 values would wait for each other; most are as long as
/// they were on the line before, so the next key is looked for there at once, while the end is still being found. For
/// those that are not, to wait costs less than to guess wrong.
enum PredictedScan {
  /// Fills `fields`, which has been reset; where this gives false, it is as after a reset.
  @inline(__always)
  static func scan(_ line: PaddedBytes, _ shape: LineShape.View, into fields: inout FieldTable) -> Bool {
    guard var piece = unsafe shape.pieces.baseAddress else { return false }
    let last = unsafe piece + shape.pieces.count
    let places = unsafe fields.places
    var steady = unsafe shape.steady
    var isASCII = true
    var offset = 0
    // Safe: the pieces' places are those of the table, and they count the steady values. Offsets stay near the line's
    // length, which is a 32-bit number: they are added without checks.
    while unsafe piece < last {
      let start = unsafe offset &+ Int(piece.pointee.length)
      guard unsafe start < line.count && line.isEqual(offset, to: piece, needed: piece.pointee.needed) else {
        return false
      }
      offset = start
      if unsafe piece.pointee.steady > 0, let values = unsafe steady {
        let end = unsafe values + Int(piece.pointee.steady)
        unsafe set(places, start, values, end)
        unsafe steady = end
      }
      let place = unsafe Int(piece.pointee.place)
      if place >= 0 {
        var slice = FieldSlice(start: start, count: 0, kind: .text)
        let expected = unsafe Int(piece.pointee.expected)
        if expected == LineShape.Piece.varies {
          offset = end(of: &slice, line, &isASCII, varies: true)
          guard offset > start else { return false }
        } else {
          let end = end(of: &slice, line, &isASCII, varies: false)
          guard end > start else { return false }
          // Equal is equal, but the processor guesses the branch, and does not wait for what it compares.
          if end &- start == expected {
            offset = start &+ Int(bytes_opaque(Int64(expected)))
          } else {
            unsafe piece.pointee.expected = Int32(truncatingIfNeeded: end &- start)
            offset = end
          }
        }
        unsafe places[place] = slice
      }
      unsafe piece += 1
    }
    guard offset &+ 1 == line.count && line[offset] == UInt8(ascii: "}") else { return false }
    unsafe fields.adopt(shape, isASCII: isASCII)
    return true
  }

  /// Sets the steady values of a text that ends at `offset`.
  @inline(__always)
  private static func set(
    _ places: UnsafeMutablePointer<FieldSlice>, _ offset: Int,
    _ first: UnsafeMutablePointer<LineShape.Steady>, _ end: UnsafeMutablePointer<LineShape.Steady>
  ) {
    var value = unsafe first
    while unsafe value < end {
      let start = unsafe offset &- Int(value.pointee.back)
      unsafe places[Int(value.pointee.place)] = FieldSlice(
        start: start, count: Int(value.pointee.count), kind: value.pointee.kind)
      unsafe value += 1
    }
  }

  /// The values of a line whose keys take so many bytes each; nil where it has none of this shape.
  static func values(of line: PaddedBytes, keys: [Int]) -> [FieldSlice]? {
    var values: [FieldSlice] = []
    values.reserveCapacity(keys.count)
    var offset = 0
    for count in keys {
      offset += count
      var isASCII = true
      var slice = FieldSlice(start: offset, count: 0, kind: .text)
      guard offset < line.count else { return nil }
      let end = end(of: &slice, line, &isASCII, varies: true)
      guard end > offset, end < line.count else { return nil }
      values.append(slice)
      offset = end
    }
    return values
  }

  /// Where the value that `slice` begins with ends, and what it is; 0 where it is none of those that are predicted. An
  /// end behind the line's is possible, and is found out by what comes next. `varies`: how often the loop runs cannot be
  /// guessed, so it should seldom run twice.
  @inline(__always)
  private static func end(
    of slice: inout FieldSlice, _ line: PaddedBytes, _ isASCII: inout Bool, varies: Bool
  ) -> Int {
    let start = Int(slice.start)
    guard line[start] == 0x22 else { return bareEnd(of: &slice, line) }
    let step = varies ? 32 : 16
    var quote = start &+ 1
    var run = varies ? line.plainRun32(quote) : line.plainRun(quote)
    while run == step {
      quote = quote &+ step
      guard quote < line.count else { return 0 }
      run = varies ? line.plainRun32(quote) : line.plainRun(quote)
    }
    quote = quote &+ run
    if line[quote] != 0x22 {
      isASCII = false
      quote = oddEnd(line, from: quote)
    }
    slice = FieldSlice(start: start &+ 1, count: quote &- start &- 1, kind: .text)
    return quote &+ 1
  }

  /// The closing quote of a string from its first byte on that is not plain; -1 where it has an escape or no end.
  @inline(never)
  private static func oddEnd(_ line: PaddedBytes, from offset: Int) -> Int {
    guard let text = JSONGrammar.oddString(line, from: offset, octal: false), !text.hasEscape else {
      return -1
    }
    return text.quote
  }

  /// Sets the end and the kind of a value that is no string, from the start that `slice` has. Returns the
  /// place behind it; 0 where it is neither null nor a number.
  @inline(__always)
  private static func bareEnd(of slice: inout FieldSlice, _ line: PaddedBytes) -> Int {
    let start = Int(slice.start)
    if line.word(start) & 0xFFFF_FFFF == 0x6C6C_756E {
      slice = FieldSlice(start: start, count: 4, kind: .null)
      return start &+ 4
    }
    guard let end = JSONGrammar.number(line, from: start) else { return 0 }
    slice = FieldSlice(start: start, count: end &- start, kind: .number)
    return end
  }
}
