/// One scanned line's values: which are there, and their text.
///
/// Missing is `-`, null, an empty string, or no key at all: formats differ in this and mean the same.
@safe
struct LineFields {
  let line: PaddedBytes
  /// What was odd so far; whoever reads a value adds to it.
  var anomalies: Anomalies = []
  /// No value has a byte beyond ASCII; false where nobody has looked.
  private let isASCII: Bool

  init(line: PaddedBytes, isASCII: Bool) {
    self.line = line
    self.isASCII = isASCII
  }

  /// The slice of a value that is there, or nil.
  @inline(__always)
  func slice(_ field: Field, _ fields: borrowing FieldTable) -> FieldSlice? {
    let slice = fields[field]
    switch slice.kind {
    case .absent, .null: return nil
    case .text where slice.count <= 1:
      return slice.count == 0 || line[Int(slice.start)] == UInt8(ascii: "-") ? nil : slice
    default: return slice
    }
  }

  /// A value's text where it stands in the line as it is: valid UTF-8, at most `Limits.valueBytes` long; nil where
  /// `withText` has to clean it.
  @inline(__always)
  func plainText(_ slice: FieldSlice) -> PaddedBytes? {
    let text = line.slice(slice.range)
    guard slice.kind != .escapedText, text.count <= Limits.valueBytes,
      unsafe isASCII || UTF8Text.isASCII(text.bytes(0..<text.count))
    else { return nil }
    return text
  }

  /// Calls `body` with a value's text: unescaped, valid UTF-8, at most `Limits.valueBytes` long.
  @inline(__always)
  mutating func withText<Result>(
    _ slice: FieldSlice, _ body: (PaddedBytes, inout LineFields) -> Result
  ) -> Result {
    if let text = plainText(slice) { return body(text, &self) }
    return withCleanText(line.slice(slice.range), escaped: slice.kind == .escapedText, body)
  }

  @inline(never)
  private mutating func withCleanText<Result>(
    _ raw: PaddedBytes, escaped: Bool, _ body: (PaddedBytes, inout LineFields) -> Result
  ) -> Result {
    var text: [UInt8] = []
    // Safe: the line outlives the call, and `text` gets copies. The range is the whole of `raw`.
    let bytes = unsafe raw.bytes(0..<raw.count)
    let replaced =
      unsafe escaped ? UTF8Text.appendUnescaped(bytes, to: &text) : UTF8Text.appendRepaired(bytes, to: &text)
    if replaced { anomalies.insert(.replacedText) }
    let whole = text.count
    let cut = UTF8Text.prefix(text[...], limit: Limits.valueBytes).count
    if cut < whole { anomalies.insert(.cutValue) }
    return PaddedBytes.withCopy(of: text) { body($0.slice(0..<cut), &self) }
  }

  /// A value's text as bytes of its own; nil where missing.
  mutating func bytes(_ field: Field, _ fields: borrowing FieldTable) -> [UInt8]? {
    guard let slice = slice(field, fields) else { return nil }
    return withText(slice) { text, _ in text.copy }
  }

  /// A number times `scale`, or `HopRow.missing`; what is no number is missing, too, and noted.
  @inline(__always)
  mutating func number(_ field: Field, _ fields: borrowing FieldTable, scale: Int64) -> Int64 {
    guard let slice = slice(field, fields) else { return HopRow.missing }
    if case .value(let value) = Numbers.scaled(line.slice(slice.range), by: scale) { return value }
    anomalies.insert(.badNumber)
    return HopRow.missing
  }
}
