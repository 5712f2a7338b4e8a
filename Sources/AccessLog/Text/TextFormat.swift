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
  /// The most values a format may have.
  package static let maximumValues = 64

  /// Compiles an Envoy format string.
  ///
  /// Operators that meshweft has no field for are matched and ignored; of an operator that occurs twice, the first
  /// counts.
  package init(_ source: String) throws(TextFormatError) {
    let compiled = try FormatCompiler(source).compile()
    self.source = source
    head = compiled.head
    steps = compiled.steps
    startTimeForm = compiled.startTimeForm
  }

  /// The fields the format has values for.
  package var fields: [Field] { steps.compactMap(\.field) }

  /// Reads a line (without its line feed) into `table`, which must have been reset.
  ///
  /// - Returns: whether the whole line has this layout; if not, `table` is as it was.
  /// - Complexity: O(line) for an ordinary line; at most a small multiple of it for a hostile one.
  package func match(_ line: Span<UInt8>, into table: inout FieldTable) -> Bool {
    var places = Places()
    let end = line.count > 0 && line[line.count - 1] == 0x0D ? line.count - 1 : line.count
    guard line.holds(head, at: 0), locate(line.extracting(0..<end), into: &places) else { return false }
    for index in steps.indices {
      guard let field = steps[index].field else { continue }
      let start = Int(places.starts[index])
      table.set(field, FieldSlice(start: start, count: Int(places.ends[index]) - start, kind: .text))
    }
    return true
  }
}

extension TextFormat {
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
    var index = 0
    var start = head.count
    var from = start
    while index < steps.count {
      if let end = valueEnd(index, line, start: start, from: from, work: &work) {
        places.starts[index] = Int32(truncatingIfNeeded: start)
        places.ends[index] = Int32(truncatingIfNeeded: end)
        start = end + steps[index].literal.count
        from = start
        index += 1
      } else {
        // This value is none: the one before it may have been cut too early.
        index -= 1
        guard index >= 0, work.left > 0 else { return false }
        start = Int(places.starts[index])
        from = Int(places.ends[index])
        guard from < line.count, steps[index].shape.allows(line[from]) else {
          // It cannot be longer: the next round goes one further back.
          from = line.count
          continue
        }
        from += 1
      }
    }
    return true
  }

  /// The first end of value `index` at or after `from` that its shape and the literal after it allow.
  private func valueEnd(
    _ index: Int, _ line: Span<UInt8>, start: Int, from: Int, work: inout Work
  ) -> Int? {
    let step = steps[index]
    let isLast = index == steps.count - 1
    guard let stop = step.literal.first else { return lastEnd(step, line, start: start, from: from) }
    let limit = step.shape.isLong ? line.count : min(line.count, start + ValueShape.longestClosedValue)
    var end = from
    defer { work.left -= end - from + 8 }
    while end < limit {
      let byte = line[end]
      if byte == stop, line.holds(step.literal, at: end), !isLast || end + step.literal.count == line.count,
        accepts(step, line, start..<end, work: &work)
      {
        return end
      }
      guard step.shape.allows(byte), work.left > end - from else { return nil }
      end += 1
    }
    return nil
  }

  /// The end of a last value that no literal follows: the line's end, if every byte up to there is allowed.
  private func lastEnd(_ step: Step, _ line: Span<UInt8>, start: Int, from: Int) -> Int? {
    guard from <= line.count, step.shape.isLong || line.count - start <= ValueShape.longestClosedValue else { return nil }
    for index in start..<line.count where !step.shape.allows(line[index]) { return nil }
    return acceptsForm(step, line, start..<line.count) ? line.count : nil
  }

  private func accepts(_ step: Step, _ line: Span<UInt8>, _ range: Range<Int>, work: inout Work) -> Bool {
    work.left -= range.count
    return acceptsForm(step, line, range)
  }

  private func acceptsForm(_ step: Step, _ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard step.shape.accepts(line, range) else { return false }
    guard step.shape == .formattedTime, step.field == .startTime, let form = startTimeForm else { return true }
    return form.parse(line.extracting(range)) != nil
  }
}

/// Why a format string cannot be read.
package enum TextFormatError: Error, Equatable, CustomStringConvertible {
  /// A `%` that no second `%` closes; the text from there on.
  case unclosedOperator(String)
  /// Two operators with nothing between them: where one value ends cannot be told.
  case adjacentOperators(String)
  /// No operator that meshweft has a field for.
  case noFields
  case tooManyOperators(Int)
  /// A START_TIME argument with a conversion that meshweft cannot read back.
  case timeFormat(String)

  package var description: String {
    switch self {
    case .unclosedOperator(let text): "no % closes the operator at \"\(text.prefix(40))\""
    case .adjacentOperators(let name): "put something between %\(name.prefix(40))% and the operator before it"
    case .noFields: "the format has no operator that meshweft reads (such as %START_TIME%)"
    case .tooManyOperators(let count): "\(count) operators; at most \(TextFormat.maximumValues) can be read"
    case .timeFormat(let text): "cannot read back the time format \"\(text.prefix(40))\""
    }
  }
}
