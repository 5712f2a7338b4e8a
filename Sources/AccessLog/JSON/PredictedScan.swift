/// The fast path: a line that has the shape of the one before it.
///
/// Valid because a shape's literals hold everything between the values, quotes of keys, colons and commas included:
/// if every literal compares equal and every value is a string without escapes, a number, or null, then the line
/// is the JSON object that the full scanner would find, with the same members. It does not apply to nested values,
/// escapes, or any byte out of place: then it says no, and the full scanner decides.
enum PredictedScan {
  @inline(__always)
  static func scan(_ line: PaddedBytes, shape: borrowing LineShape, into fields: inout FieldTable) -> Bool {
    unsafe shape.words.withUnsafeBufferPointer { words in
      unsafe shape.slots.withUnsafeBufferPointer { slots in
        unsafe scan(line, words: words, slots: slots, duplicate: shape.hasDuplicateKey, into: &fields)
      }
    }
  }

  @inline(__always)
  private static func scan(
    _ line: PaddedBytes, words: UnsafeBufferPointer<UInt64>, slots: UnsafeBufferPointer<LineShape.Slot>,
    duplicate: Bool, into fields: inout FieldTable
  ) -> Bool {
    var offset = 0
    for index in 0..<slots.count {
      let slot = unsafe slots[index]
      guard offset + slot.length < line.count, unsafe matches(line, offset, words, slot) else { return false }
      offset += slot.length
      guard let end = value(line, at: &offset, field: slot.field, into: &fields) else { return false }
      offset = end
    }
    if duplicate { fields.hasDuplicateKey = true }
    return offset + 1 == line.count && line[offset] == UInt8(ascii: "}")
  }

  /// Compares a slot's literal with the line, a word at a time.
  @inline(__always)
  private static func matches(
    _ line: PaddedBytes, _ offset: Int, _ words: UnsafeBufferPointer<UInt64>, _ slot: LineShape.Slot
  ) -> Bool {
    let whole = slot.length >> 3
    var difference: UInt64 = 0
    for index in 0..<whole {
      difference |= unsafe line.word(offset + index << 3) ^ words[slot.firstWord + index]
    }
    let rest = slot.length & 7
    if rest != 0 {
      let mask = ~UInt64(0) >> UInt64((8 - rest) << 3)
      difference |= unsafe (line.word(offset + whole << 3) & mask) ^ words[slot.firstWord + whole]
    }
    return difference == 0
  }

  @inline(__always)
  private static func value(
    _ line: PaddedBytes, at offset: inout Int, field: Field?, into fields: inout FieldTable
  ) -> Int? {
    let first = line[offset]
    if first == 0x22 {
      guard let text = JSONGrammar.string(line, from: offset + 1, octal: false), !text.hasEscape else {
        return nil
      }
      if let field {
        fields.set(field, FieldSlice(start: offset + 1, count: text.quote - offset - 1, kind: .text))
      }
      return text.quote + 1
    }
    if first == UInt8(ascii: "n") {
      guard let end = JSONGrammar.literal(line, from: offset) else { return nil }
      if let field { fields.set(field, FieldSlice(start: offset, count: 4, kind: .null)) }
      return end
    }
    guard let end = JSONGrammar.number(line, from: offset) else { return nil }
    if let field { fields.set(field, FieldSlice(start: offset, count: end - offset, kind: .number)) }
    return end
  }
}
