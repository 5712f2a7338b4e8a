/// The keys of one source's lines, in their order: what the next line will look like.
///
/// Envoy writes the keys of one format in one order and without spaces, so the text between two values is known
/// before it is read. A shape is learned from a line that the full scanner accepted.
struct LineShape {
  /// `{"first":` or `,"next":`, padded with zeros to whole words; and the field that its value belongs to.
  struct Slot {
    var firstWord: Int
    var length: Int
    var field: Field?
  }

  private(set) var slots: [Slot] = []
  /// The slots' literals as words, one behind the other.
  private(set) var words: [UInt64] = []
  /// The keys as they stand in the line, `"key":` each, for the repair of unescaped quotes.
  private(set) var keys: [[UInt8]] = []
  /// A field has two keys in this shape: every line of it is flagged.
  private(set) var hasDuplicateKey = false

  /// Keys in a line beyond which no shape is learned: a hostile line must not make every later line slow.
  static let maximumSlots = 96

  mutating func append(key: [UInt8], field: Field?) {
    let opening = UInt8(ascii: slots.isEmpty ? "{" : ",")
    let quoted = [UInt8(ascii: "\"")] + key + [UInt8(ascii: "\""), UInt8(ascii: ":")]
    if let field, slots.contains(where: { $0.field == field }) { hasDuplicateKey = true }
    slots.append(Slot(firstWord: words.count, length: quoted.count + 1, field: field))
    words += LineShape.packed([opening] + quoted)
    keys.append(quoted)
  }

  private static func packed(_ bytes: [UInt8]) -> [UInt64] {
    stride(from: 0, to: bytes.count, by: 8).map { start in
      bytes[start..<min(start + 8, bytes.count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}
