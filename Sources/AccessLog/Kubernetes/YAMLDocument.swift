/// One YAML document as JSON, of the YAML that kubectl prints: blocks of mappings and sequences, plain, quoted and block
/// scalars, empty flow collections. No anchors, aliases, tags or other flow collections, so that a text becomes no larger.
struct YAMLDocument {
  private struct Line {
    var indent: Int
    /// Without indentation and spaces at its end.
    var text: ArraySlice<UInt8>
  }

  private var lines: [Line] = []
  private var next = 0
  private var json: [UInt8] = []

  /// Nil where the text is no such document.
  static func json(_ text: [UInt8]) -> [UInt8]? {
    var document = YAMLDocument(text)
    guard document.node(indent: document.lines.first { !$0.text.isEmpty }?.indent ?? 0, depth: 0) else {
      return nil
    }
    return document.next == document.lines.count ? document.json : nil
  }

  private init(_ text: [UInt8]) {
    for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let body = line.drop { $0 == 0x20 }
      var end = body.endIndex
      while end > body.startIndex, body[end - 1] == 0x20 || body[end - 1] == 0x0D { end -= 1 }
      let isComment = body.first == UInt8(ascii: "#")
      lines.append(
        Line(indent: body.startIndex - line.startIndex, text: isComment ? [] : body[body.startIndex..<end]))
    }
    while lines.last?.text.isEmpty == true { lines.removeLast() }
  }

  private mutating func skipBlank() { while next < lines.count, lines[next].text.isEmpty { next += 1 } }

  /// A block whose lines begin at an indentation.
  private mutating func node(indent: Int, depth: Int) -> Bool {
    skipBlank()
    guard next < lines.count, lines[next].indent == indent, depth < Limits.jsonDepth else { return false }
    return YAMLDocument.isItem(lines[next].text)
      ? sequence(indent: indent, depth: depth) : mapping(indent: indent, depth: depth)
  }

  private static func isItem(_ text: ArraySlice<UInt8>) -> Bool {
    text.first == UInt8(ascii: "-") && (text.count == 1 || text.dropFirst().first == 0x20)
  }

  private mutating func sequence(indent: Int, depth: Int) -> Bool {
    json.append(UInt8(ascii: "["))
    var isFirst = true
    skipBlank()
    while next < lines.count, lines[next].indent == indent, YAMLDocument.isItem(lines[next].text) {
      if !isFirst { json.append(UInt8(ascii: ",")) }
      isFirst = false
      let rest = lines[next].text.dropFirst().drop { $0 == 0x20 }
      let inner = indent + (rest.startIndex - lines[next].text.startIndex)
      if rest.isEmpty {
        next += 1
        guard value(below: indent, depth: depth) else { return false }
      } else if YAMLDocument.isItem(rest) || YAMLDocument.key(rest) != nil {
        lines[next] = Line(indent: inner, text: rest)
        guard node(indent: inner, depth: depth + 1) else { return false }
      } else {
        guard scalar(rest, below: indent) else { return false }
      }
      skipBlank()
    }
    json.append(UInt8(ascii: "]"))
    return true
  }

  private mutating func mapping(indent: Int, depth: Int) -> Bool {
    json.append(UInt8(ascii: "{"))
    var isFirst = true
    skipBlank()
    while next < lines.count, lines[next].indent == indent, !YAMLDocument.isItem(lines[next].text) {
      guard let (key, rest) = YAMLDocument.key(lines[next].text) else { return false }
      if !isFirst { json.append(UInt8(ascii: ",")) }
      isFirst = false
      append(string: key)
      json.append(UInt8(ascii: ":"))
      if rest.isEmpty {
        next += 1
        skipBlank()
        // A sequence may stand under its key without being indented.
        let isSequence =
          next < lines.count && lines[next].indent == indent && YAMLDocument.isItem(lines[next].text)
        guard isSequence ? sequence(indent: indent, depth: depth + 1) : value(below: indent, depth: depth)
        else {
          return false
        }
      } else {
        guard scalar(rest, below: indent) else { return false }
      }
      skipBlank()
    }
    json.append(UInt8(ascii: "}"))
    return true
  }

  /// A block that is indented further, or nothing.
  private mutating func value(below indent: Int, depth: Int) -> Bool {
    skipBlank()
    guard next < lines.count, lines[next].indent > indent else {
      json += Array("null".utf8)
      return true
    }
    return node(indent: lines[next].indent, depth: depth + 1)
  }
}

// Keys and scalars.
extension YAMLDocument {
  /// `key: value`, `key:`, `"key": value`.
  private static func key(_ text: ArraySlice<UInt8>) -> (key: [UInt8], rest: ArraySlice<UInt8>)? {
    var colon = text.startIndex
    let key: [UInt8]
    if let quote = text.first, quote == 0x22 || quote == 0x27 {
      guard let (value, end) = quoted(text, quote) else { return nil }
      key = value
      colon = end
    } else {
      while colon < text.endIndex,
        text[colon] != 0x3A || colon + 1 < text.endIndex && text[colon + 1] != 0x20
      {
        colon += 1
      }
      key = Array(text[text.startIndex..<colon])
    }
    guard colon < text.endIndex, text[colon] == 0x3A,
      colon + 1 == text.endIndex || text[colon + 1] == 0x20
    else { return nil }
    return (key, text[(colon + 1)...].drop { $0 == 0x20 })
  }

  /// A scalar, with the lines that go on with it because they are indented further than what it belongs to.
  private mutating func scalar(_ first: ArraySlice<UInt8>, below indent: Int) -> Bool {
    next += 1
    guard let sign = first.first else { return false }
    if sign == UInt8(ascii: "|") || sign == UInt8(ascii: ">") {
      block(below: indent, isFolded: sign == UInt8(ascii: ">"))
      return true
    }
    var text = Array(first)
    while next < lines.count, lines[next].indent > indent, !lines[next].text.isEmpty {
      text.append(0x20)
      text += lines[next].text
      next += 1
    }
    switch sign {
    case 0x22, 0x27:
      guard let (value, end) = YAMLDocument.quoted(text[...], sign), end == text.endIndex else {
        return false
      }
      append(string: value)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard text == [0x7B, 0x7D] || text == [0x5B, 0x5D] else { return false }
      json += text
    case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"): return false
    default: append(plain: text)
    }
    return true
  }

  private mutating func block(below indent: Int, isFolded: Bool) {
    var text: [UInt8] = []
    while next < lines.count, lines[next].text.isEmpty || lines[next].indent > indent {
      text += lines[next].text
      text.append(isFolded ? 0x20 : 0x0A)
      next += 1
    }
    append(string: text)
  }

  /// What stands between quotes, and the place behind them.
  private static func quoted(_ text: ArraySlice<UInt8>, _ quote: UInt8) -> (value: [UInt8], end: Int)? {
    var value: [UInt8] = []
    var index = text.startIndex + 1
    while index < text.endIndex {
      let byte = text[index]
      if byte == quote {
        guard quote == 0x27, index + 1 < text.endIndex, text[index + 1] == 0x27 else {
          return (value, index + 1)
        }
        value.append(0x27)
        index += 2
      } else if quote == 0x22, byte == 0x5C, index + 1 < text.endIndex {
        // What is wanted has no escapes but these.
        value.append(text[index + 1])
        index += 2
      } else {
        value.append(byte)
        index += 1
      }
    }
    return nil
  }

  /// Numbers and words of JSON as they are, all else as text.
  private mutating func append(plain text: [UInt8]) {
    let isNumber =
      text.count < 19 && text.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && (text[0] != 0x30 || text.count == 1)
    let word = String(decoding: text.prefix(6), as: UTF8.self)
    if isNumber || ["true", "false", "null"].contains(word) {
      json += text
    } else {
      append(string: text)
    }
  }

  private mutating func append(string text: [UInt8]) {
    json.append(0x22)
    for byte in text {
      switch byte {
      case 0x22, 0x5C:
        json.append(0x5C)
        json.append(byte)
      case 0x00..<0x20: json.append(0x20)
      default: json.append(byte)
      }
    }
    json.append(0x22)
  }
}
