/// One access-log layout: an Envoy format string, compiled to literals and the values between them.
///
/// Text formats do not escape: a user agent may hold the very quote that ends it. So matching is a search: a value
/// ends at the first place where the next literal stands and the value has its field's shape (`ValueShape`); where
/// the rest of the line then does not fit, the last value that can be longer is made longer. The work is bounded
/// (`Work`), whatever the line holds. Envoy's own escapes (header values never hold control characters) are left as
/// they are: a slice is the bytes that were logged.
///
/// A JSON template (`{"method":"%REQ(:METHOD)%",…}`) is a format like any other, and reads lines that its unescaped
/// quotes have broken as JSON.
package struct TextFormat: Sendable {
  /// A value and the literal that ends it.
  struct Step: Sendable {
    var field: Field?
    var shape: ValueShape
    /// What stands between this value and the next; empty only after the last value, which ends with the line.
    var literal: [UInt8]
  }

  /// The format string as it was given.
  package let source: String
  /// How start_time is written, where it is not RFC 3339 or epoch seconds; nil: the value parser knows it.
  package let startTimeForm: TimestampForm?
  let head: [UInt8]
  let steps: [Step]
  /// The steps without references, which the search reads for each value of each line; their literals lie in `literals`.
  private let values: [Value]
  private let literals: [UInt8]
  /// The most values a format may have.
  package static let maximumValues = Limits.formatValues

  /// Compiles an Envoy format string.
  ///
  /// Operators that meshweft has no field for are matched and ignored; of an operator that occurs twice, the first
  /// counts.
  package init(_ source: String) throws(TextFormatError) {
    let compiled = try FormatCompiler(source).compile()
    self.source = source
    head = compiled.head
    steps = compiled.steps
    var literals: [UInt8] = []
    values = compiled.steps.map { step in
      literals += step.literal
      return Value(step, literalStart: literals.count - step.literal.count)
    }
    self.literals = literals
    startTimeForm = compiled.startTimeForm
  }

  /// The fields the format has values for.
  package var fields: [Field] { steps.compactMap(\.field) }

  /// Reads a line (without its line feed) into `table`, which must have been reset.
  ///
  /// - Returns: whether the whole line has this layout; if not, `table` is as it was.
  /// - Complexity: O(line) for an ordinary line; at most a small multiple of it for a hostile one.
  package func match(_ line: Span<UInt8>, into table: inout FieldTable) -> Bool {
    let end = line.count > 0 && line[line.count - 1] == 0x0D ? line.count - 1 : line.count
    guard line.holds(head, at: 0) else { return false }
    var places = Places()
    guard locate(line.extracting(0..<end), into: &places) else { return false }
    for index in values.indices {
      guard let field = values[index].field else { continue }
      let start = Int(places.starts[index])
      table.set(field, FieldSlice(start: start, count: Int(places.ends[index]) - start, kind: .text))
    }
    return true
  }

  /// Whether a line (without its line feed) has this layout.
  func fits(_ line: Span<UInt8>) -> Bool {
    let end = line.count > 0 && line[line.count - 1] == 0x0D ? line.count - 1 : line.count
    guard line.holds(head, at: 0) else { return false }
    var places = Places()
    return locate(line.extracting(0..<end), into: &places)
  }
}

extension TextFormat {
  /// A `Step` as plain numbers.
  private struct Value: Sendable {
    var field: Field?
    var shape: ValueShape
    var isLong: Bool
    /// Bytes from `lowest` on are allowed in the value, but for `forbidden` (0x100: none).
    var lowest: UInt8
    var forbidden: UInt16
    /// The literal's first byte (0 where there is none), and its place in `literals`.
    var stop: UInt8
    var literal: Range<Int>

    init(_ step: Step, literalStart: Int) {
      field = step.field
      shape = step.shape
      isLong = step.shape.isLong
      lowest = step.shape.allows(0x20) ? 0 : 0x21
      forbidden = step.shape.allows(0x22) ? 0x100 : 0x22
      stop = step.literal.first ?? 0
      literal = literalStart..<literalStart + step.literal.count
    }

    var allowsAll: Bool { lowest == 0 && forbidden == 0x100 }
    @inline(__always) func allows(_ byte: UInt8) -> Bool { byte >= lowest && UInt16(byte) != forbidden }
  }

  /// Where the values were found; on the stack, so that matching allocates nothing.
  struct Places {
    var starts = InlineArray<64, Int32>(repeating: 0)
    var ends = InlineArray<64, Int32>(repeating: 0)
  }

  /// What a line may cost: bytes looked at, all attempts taken together.
  struct Work {
    var left: Int
    init(lineBytes: Int) { left = 16 * lineBytes + 4096 }
  }

  private func locate(_ line: Span<UInt8>, into places: inout Places) -> Bool {
    var work = Work(lineBytes: line.count)
    let values = values.span
    let literals = literals.span
    var index = 0
    var start = head.count
    var from = start
    while index < values.count {
      let value = values[index]
      let isLast = index == values.count - 1
      if let end = valueEnd(value, literals, line, isLast: isLast, start: start, from: from, work: &work) {
        places.starts[index] = Int32(truncatingIfNeeded: start)
        places.ends[index] = Int32(truncatingIfNeeded: end)
        start = end + value.literal.count
        from = start
        index += 1
      } else {
        // This value is none: the one before it may have been cut too early.
        index -= 1
        guard index >= 0, work.left > 0 else { return false }
        start = Int(places.starts[index])
        from = Int(places.ends[index])
        // Where it cannot be longer, the next round goes one further back.
        from = from < line.count && values[index].allows(line[from]) ? from + 1 : line.count
      }
    }
    return true
  }

  /// The first end of a value at or after `from` that its shape and the literal after it allow.
  private func valueEnd(
    _ value: Value, _ literals: Span<UInt8>, _ line: Span<UInt8>, isLast: Bool, start: Int, from: Int,
    work: inout Work
  ) -> Int? {
    if value.literal.isEmpty { return lastEnd(value, line, start: start, from: from) }
    let limit = value.isLong ? line.count : min(line.count, start + ValueShape.longestClosedValue)
    var end = from
    // Whether the value holds the byte that may end it: only then can it hold more of the line.
    var holdsStop = from > start || value.stop != 0x22
    defer { work.left -= end - from + 8 }
    while true {
      end = nextStop(value, line, from: end, limit: limit)
      // Safe: nextStop returns at most limit, which is at most line.count.
      guard end < limit, unsafe line[unchecked: end] == value.stop else { return nil }
      if line.holds(literals, value.literal, at: end), !isLast || end + value.literal.count == line.count {
        work.left -= end - start
        if accepts(value, line, start..<end, holdsStop: holdsStop) { return end }
      }
      holdsStop = true
      guard value.allows(value.stop), work.left > end - from else { return nil }
      end += 1
    }
  }

  /// The first byte from `start` on that ends the value or that it may not hold; `limit` where there is none.
  @inline(__always)
  private func nextStop(_ value: Value, _ line: Span<UInt8>, from start: Int, limit: Int) -> Int {
    if value.allowsAll { return line.first(value.stop, from: start, to: limit) ?? limit }
    var end = start
    while end < limit {
      // Safe: 0 <= start <= end < limit <= line.count.
      let byte = unsafe line[unchecked: end]
      if byte == value.stop || !value.allows(byte) { return end }
      end += 1
    }
    return end
  }

  /// The end of a last value that no literal follows: the line's end, if every byte up to there is allowed.
  private func lastEnd(_ value: Value, _ line: Span<UInt8>, start: Int, from: Int) -> Int? {
    guard from <= line.count, value.isLong || line.count - start <= ValueShape.longestClosedValue else {
      return nil
    }
    for index in start..<line.count where !value.allows(line[index]) { return nil }
    return accepts(value, line, start..<line.count, holdsStop: true) ? line.count : nil
  }

  private func accepts(_ value: Value, _ line: Span<UInt8>, _ range: Range<Int>, holdsStop: Bool) -> Bool {
    guard value.shape.accepts(line, range, holdsQuote: holdsStop) else { return false }
    guard value.shape == .formattedTime, value.field == .startTime, let form = startTimeForm else {
      return true
    }
    return form.parse(line.extracting(range)) != nil
  }
}
