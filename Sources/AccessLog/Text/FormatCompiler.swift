/// From an Envoy format string to the steps of a `TextFormat`.
///
/// Source: Envoy's "Access logging", command operators. An operator is `%NAME%`, `%NAME(argument)%` or
/// `%NAME(argument):LENGTH%`; `%%` is a percent sign. START_TIME's argument is a strftime string and may itself hold
/// percent signs, hence an argument ends at its closing parenthesis.
struct FormatCompiler {
  struct Output {
    var head: [UInt8] = []
    var steps: [TextFormat.Step] = []
    var startTimeForm: TimestampForm?
  }

  private let text: [UInt8]
  private var position = 0
  private var output = Output()
  private var literal: [UInt8] = []

  init(_ source: String) {
    var text = Array(source.utf8)
    // Envoy's formats end with a line feed; the line that is matched does not.
    while text.last == 0x0A || text.last == 0x0D { text.removeLast() }
    if text.count >= 2, text.suffix(2) == Array("\\n".utf8)[...] { text.removeLast(2) }
    self.text = text
  }

  consuming func compile() throws(TextFormatError) -> Output {
    while position < text.count {
      if text[position] != 0x25 {
        literal.append(text[position])
        position += 1
      } else if position + 1 < text.count, text[position + 1] == 0x25 {
        literal.append(0x25)
        position += 2
      } else {
        try append(try readOperator())
      }
    }
    closeValue()
    guard output.steps.contains(where: { $0.field != nil }) else { throw .noFields }
    guard output.steps.count <= TextFormat.maximumValues else { throw .tooManyOperators(output.steps.count) }
    return output
  }

  private mutating func append(_ found: FormatOperator) throws(TextFormatError) {
    if !output.steps.isEmpty, literal.isEmpty { throw .adjacentOperators(found.name) }
    closeValue()
    let isQuoted = (output.steps.last?.literal ?? output.head).last == 0x22
    var field = found.field
    if let known = field, output.steps.contains(where: { $0.field == known }) { field = nil }
    var shape = found.shape(isQuoted: isQuoted)
    if found.name == "START_TIME", let argument = found.argument, !argument.isEmpty {
      guard let form = TimestampForm(argument) else { throw .timeFormat(argument) }
      shape = .formattedTime
      if field == .startTime { output.startTimeForm = form }
    }
    output.steps.append(TextFormat.Step(field: field, shape: shape, literal: []))
  }

  /// Gives the literal read so far to the value before it, or to the head.
  private mutating func closeValue() {
    if output.steps.isEmpty {
      output.head = literal
    } else {
      output.steps[output.steps.count - 1].literal = literal
    }
    literal = []
  }

  private mutating func readOperator() throws(TextFormatError) -> FormatOperator {
    let start = position
    var index = position + 1
    while index < text.count, text[index] != 0x25, text[index] != 0x28 { index += 1 }
    let name = String(decoding: text[(start + 1)..<index], as: UTF8.self)
    var argument: String?
    if index < text.count, text[index] == 0x28 {
      guard let close = text[index...].firstIndex(of: 0x29) else { throw unclosed(at: start) }
      argument = String(decoding: text[(index + 1)..<close], as: UTF8.self)
      index = close + 1
      // `:LENGTH` cuts the value; nothing to be done about it.
      while index < text.count, text[index] != 0x25 { index += 1 }
    }
    guard index < text.count else { throw unclosed(at: start) }
    position = index + 1
    return FormatOperator(name: name, argument: argument)
  }

  private func unclosed(at start: Int) -> TextFormatError {
    .unclosedOperator(String(decoding: text[start...], as: UTF8.self))
  }
}
