/// The steps that both iterators are made of.
enum JSONWalk {
  static func skipSpace(_ line: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index < line.count, line[index] == 0x20 || (line[index] >= 0x09 && line[index] <= 0x0D) {
      index += 1
    }
    return index
  }

  /// Where the next member or element begins; nil at the closing bracket, or where the text is malformed.
  static func nextItem(
    _ line: Span<UInt8>, _ position: inout Int, _ isFirst: inout Bool, close: UInt8, malformed: inout Bool
  ) -> Int? {
    guard !malformed else { return nil }
    var index = skipSpace(line, from: position)
    guard index < line.count else {
      malformed = true
      return nil
    }
    // The position stays at the bracket, so that asking again gives nil again.
    if line[index] == close {
      position = index
      return nil
    }
    if !isFirst {
      guard line[index] == 0x2C else {
        malformed = true
        return nil
      }
      index = skipSpace(line, from: index + 1)
    }
    isFirst = false
    return index
  }

  /// The value at `start` and where it ends, or nil where there is none.
  static func value(_ line: Span<UInt8>, at start: Int) -> (JSONValue, end: Int)? {
    guard start < line.count else { return nil }
    switch line[start] {
    case 0x22: return string(line, at: start)
    case 0x7B, 0x5B:
      guard let end = skipNested(line, at: start) else { return nil }
      return (JSONValue(kind: line[start] == 0x7B ? .object : .array, range: start..<end), end)
    default: return scalar(line, at: start)
    }
  }

  private static func string(_ line: Span<UInt8>, at start: Int) -> (JSONValue, end: Int)? {
    var from = start + 1
    var kind = JSONValue.Kind.string
    while let index = line.first(0x22, or: 0x5C, from: from, to: line.count) {
      if line[index] == 0x22 { return (JSONValue(kind: kind, range: start + 1..<index), index + 1) }
      kind = .escapedString
      from = index + 2
    }
    return nil
  }

  private static func scalar(_ line: Span<UInt8>, at start: Int) -> (JSONValue, end: Int)? {
    var index = start
    while index < line.count {
      let byte = line[index]
      if byte == 0x2C || byte == 0x7D || byte == 0x5D || byte == 0x3A || byte == 0x22 || byte <= 0x20 {
        break
      }
      index += 1
    }
    guard index > start else { return nil }
    let isNumber = line[start].isDigit || line[start] == 0x2D
    return (JSONValue(kind: isNumber ? .number : .literal, range: start..<index), index)
  }

  /// Where the object or array at `start` ends; nil where it does not, or is nested too deeply.
  private static func skipNested(_ line: Span<UInt8>, at start: Int) -> Int? {
    var depth = 0
    var index = start
    while index < line.count {
      switch line[index] {
      case 0x22:
        guard let (_, end) = string(line, at: index) else { return nil }
        index = end
        continue
      case 0x7B, 0x5B:
        depth += 1
        guard depth < Limits.jsonDepth else { return nil }
      case 0x7D, 0x5D:
        depth -= 1
        if depth == 0 { return index + 1 }
      default: break
      }
      index += 1
    }
    return nil
  }
}
