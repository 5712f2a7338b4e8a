internal import CBytes

/// The fast path: a line that has the shape of one before it.
///
/// Valid because a shape's literals hold everything between the values, quotes of keys, colons and commas included:
/// if every literal compares equal and every value is a string without escapes, a number, or null, then the line
/// is the JSON object that the full scanner would find, with the same members. It does not apply to nested values,
/// escapes, or any byte out of place: then it says no, and the full scanner decides.
///
/// A key costs one comparison of 32 bytes, a string one look at each 16 bytes: 60 instructions for both together. Where
/// a value ends is known 15 cycles after where it begins, and 25 values would wait for each other; most are as long as
/// they were on the line before, so the next key is looked for there at once, while the end is still being found.
enum PredictedScan {
  /// Fills `fields`, which has been reset; where this gives false, it is as after a reset.
  @inline(__always)
  static func scan(_ line: PaddedBytes, _ shape: LineShape.View, into fields: inout FieldTable) -> Bool {
    guard var piece = unsafe shape.pieces.baseAddress else { return false }
    let last = unsafe piece + shape.pieces.count
    let places = unsafe fields.places
    var isASCII = true
    var offset = 0
    // Safe: the pieces' places are those of the table. Offsets stay near the line's length, which is a 32-bit number:
    // they are added without checks.
    while unsafe piece < last {
      let start = unsafe offset &+ Int(piece.pointee.length)
      guard unsafe start < line.count && line.isEqual(offset, to: piece, needed: piece.pointee.needed) else {
        return false
      }
      offset = start
      let place = unsafe Int(piece.pointee.place)
      if place >= 0 {
        var slice = FieldSlice(start: start, count: 0, kind: .text)
        let end = end(of: &slice, line, &isASCII)
        guard end > start else { return false }
        unsafe places[place] = slice
        // Equal is equal, but the processor guesses the branch, and does not wait for what it compares.
        let expected = unsafe Int(piece.pointee.expected)
        if end &- start == expected {
          offset = start &+ Int(bytes_opaque(Int64(expected)))
        } else {
          unsafe piece.pointee.expected = Int32(truncatingIfNeeded: end &- start)
          offset = end
        }
      }
      unsafe piece += 1
    }
    guard offset &+ 1 == line.count && line[offset] == UInt8(ascii: "}") else { return false }
    unsafe fields.adopt(shape, isASCII: isASCII)
    return true
  }

  /// Where the value that `slice` begins with ends, and what it is; 0 where it is none of those that are predicted. An
  /// end behind the line's is possible, and is found out by what comes next.
  @inline(__always)
  private static func end(of slice: inout FieldSlice, _ line: PaddedBytes, _ isASCII: inout Bool) -> Int {
    let start = Int(slice.start)
    guard line[start] == 0x22 else { return bareEnd(of: &slice, line) }
    var quote = start &+ 1
    var run = line.plainRun(quote)
    while run == 16 {
      quote = quote &+ 16
      guard quote < line.count else { return 0 }
      run = line.plainRun(quote)
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

  /// The same for a value that is no string.
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
