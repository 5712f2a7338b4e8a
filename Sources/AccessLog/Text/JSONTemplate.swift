/// The keys and values of a JSON format string, nested objects included.
///
/// No JSON: a text template may have operators without quotes, whose arguments hold colons and commas.
struct JSONTemplate {
  private let text: [UInt8]
  private var position = 0
  private(set) var isObject: Bool

  init(_ source: String) {
    let bytes = Array(source.utf8)
    let start = JSONWalk.skipSpace(bytes.span, from: 0)
    isObject = start < bytes.count && bytes[start] == 0x7B
    text = bytes
    position = start
  }

  /// The next key with a string or an operator as its value.
  mutating func next() -> (key: [UInt8], value: String)? {
    while isObject, let quote = text.span.first(0x22, from: position, to: text.count) {
      guard let (key, end) = JSONWalk.value(text.span, at: quote) else { return nil }
      position = end
      let colon = JSONWalk.skipSpace(text.span, from: end)
      guard colon < text.count, text[colon] == 0x3A else { continue }
      position = JSONWalk.skipSpace(text.span, from: colon + 1)
      if let value = value() { return (Array(text[key.range]), value) }
    }
    return nil
  }

  private mutating func value() -> String? {
    guard position < text.count else { return nil }
    if text[position] == 0x22 {
      guard let (value, end) = JSONWalk.value(text.span, at: position) else { return nil }
      position = end
      return String(decoding: text[value.range], as: UTF8.self)
    }
    guard text[position] == 0x25 else { return nil }
    let start = position
    position += 1
    var depth = 0
    while position < text.count, depth > 0 || text[position] != 0x25 {
      if text[position] == 0x28 { depth += 1 }
      if text[position] == 0x29 { depth -= 1 }
      position += 1
    }
    position = min(position + 1, text.count)
    return String(decoding: text[start..<position], as: UTF8.self)
  }
}
