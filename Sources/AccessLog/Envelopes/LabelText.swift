/// Labels as Loki prints them (`{pod="x", namespace="y"}`), or as a flat JSON object.
enum LabelText {
  /// Where the labels that begin at `start` end; braces within quotes do not count.
  static func end(in line: Span<UInt8>, at start: Int) -> Int? {
    var index = start + 1
    while index < line.count, index - start < 8192 {
      switch line[index] {
      case 0x22:
        guard let close = quoteEnd(line, index) else { return nil }
        index = close
      case 0x7D: return index + 1
      default: break
      }
      index += 1
    }
    return nil
  }

  /// The closing quote of the string that opens at `start`.
  private static func quoteEnd(_ line: Span<UInt8>, _ start: Int) -> Int? {
    var index = start + 1
    while index < line.count {
      if line[index] == 0x22 { return index }
      index += line[index] == 0x5C ? 2 : 1
    }
    return nil
  }

  static func names(in text: Span<UInt8>) -> Origin<[UInt8]> {
    var names = Origin<[UInt8]>()
    var index = 0
    var key = 0..<0
    while index < text.count {
      let token = token(text, &index)
      guard let token else { continue }
      var next = JSONWalk.skipSpace(text, from: index)
      if next < text.count, text[next] == 0x3D || text[next] == 0x3A {
        key = token
        next += 1
        index = next
      } else {
        if !key.isEmpty, case .name(let field)? = EnvelopeKeys.meaning(text.extracting(key)) {
          var name: [UInt8] = []
          name.append(text, token)
          names.take(field, name)
        }
        key = 0..<0
      }
    }
    return names
  }

  /// A quoted text's inside, or a word; nil where there is only punctuation.
  private static func token(_ text: Span<UInt8>, _ index: inout Int) -> Range<Int>? {
    let start = index
    if text[start] == 0x22 {
      let close = quoteEnd(text, start) ?? text.count
      index = min(text.count, close + 1)
      return start + 1..<max(start + 1, min(close, text.count))
    }
    while index < text.count,
      text[index].isDigit || text[index].isLetter || text[index] > 0x7F
        || [0x2D, 0x2E, 0x5F, 0x2F].contains(text[index])
    {
      index += 1
    }
    if index == start {
      index += 1
      return nil
    }
    return start..<index
  }
}
