/// The fast path: a line that has the shape of one before it.
///
/// Valid because a shape's literals hold everything between the values, quotes of keys, colons and commas included:
/// if every literal compares equal and every value is a string without escapes, a number, or null, then the line
/// is the JSON object that the full scanner would find, with the same members. It does not apply to nested values,
/// escapes, or any byte out of place: then it says no, and the full scanner decides.
///
/// A key costs one comparison of 32 bytes, a string one look at each 16 bytes: 60 instructions for both together.
enum PredictedScan {
  /// Fills `fields`, which has been reset; where this gives false, it is as after a reset.
  @inline(__always)
  static func scan(_ line: PaddedBytes, _ shape: LineShape.View, into fields: inout FieldTable) -> Bool {
    guard let pieces = unsafe shape.pieces.baseAddress else { return false }
    // Offsets stay near the line's length, which is a 32-bit number: they are added without checks.
    var offset = 0
    var isASCII = true
    for index in unsafe 0..<shape.pieces.count {
      let length = unsafe Int(pieces[index].length)
      let place = unsafe pieces[index].place
      // Safe: the index is below the count; a piece's text is its first 32 bytes.
      guard offset &+ length < line.count,
        unsafe line.isEqual(offset, to: UnsafeRawPointer(pieces + index), needed: pieces[index].needed)
      else { return false }
      offset = offset &+ length
      if place == LineShape.Piece.goesOn { continue }
      guard let end = value(line, at: offset, place, &fields, &isASCII) else { return false }
      offset = end
    }
    guard offset &+ 1 == line.count && line[offset] == UInt8(ascii: "}") else { return false }
    unsafe fields.adopt(shape, isASCII: isASCII)
    return true
  }

  /// Takes one value; where it ends, or nil. An end behind the line's is possible, and is found out by what comes next.
  @inline(__always)
  private static func value(
    _ line: PaddedBytes, at start: Int, _ place: Int32, _ fields: inout FieldTable, _ isASCII: inout Bool
  ) -> Int? {
    let first = line[start]
    if first == 0x22 {
      guard let quote = stringEnd(line, from: start &+ 1, &isASCII) else { return nil }
      fields.put(place, FieldSlice(start: start &+ 1, count: quote &- start &- 1, kind: .text))
      return quote &+ 1
    }
    if first == UInt8(ascii: "n") {
      guard line.word(start) & 0xFFFF_FFFF == 0x6C6C_756E else { return nil }
      fields.put(place, FieldSlice(start: start, count: 4, kind: .null))
      return start &+ 4
    }
    guard let end = JSONGrammar.number(line, from: start) else { return nil }
    fields.put(place, FieldSlice(start: start, count: end &- start, kind: .number))
    return end
  }

  /// The closing quote of a string without escapes whose inside begins at `start`.
  @inline(__always)
  private static func stringEnd(_ line: PaddedBytes, from start: Int, _ isASCII: inout Bool) -> Int? {
    var offset = start
    while true {
      let run = line.plainRun(offset)
      offset = offset &+ run
      if run < 16 { break }
      if offset >= line.count { return nil }
    }
    if line[offset] == 0x22 { return offset }
    guard let text = JSONGrammar.oddString(line, from: offset, octal: false), !text.hasEscape else {
      return nil
    }
    isASCII = false
    return text.quote
  }
}
