/// A value inside a JSON text: what it is and where it lies.
package struct JSONValue: Sendable, Equatable {
  package enum Kind: UInt8, Sendable {
    /// A string without escapes, and one with at least one.
    case string, escapedString
    case number
    /// true, false, null, or anything else that is not one of the others.
    case literal
    case object, array
  }
  package var kind: Kind
  /// The inside of a string, without its quotes; of all others the whole value.
  package var range: Range<Int>

  package var isString: Bool { kind == .string || kind == .escapedString }
}

/// A member of an object: its key (the inside of the quotes, escapes as they stand) and its value.
package struct JSONMember: Sendable, Equatable {
  package var key: Range<Int>
  package var value: JSONValue
}

/// Steps through the members of one JSON object, without looking into their values.
///
/// For envelopes, whose validity nobody vouches for: it takes what has the shape of a member, ends at whatever has
/// not (then `isMalformed` is set), and never reads past the line. Nested values are skipped up to
/// `Limits.jsonDepth`, without recursion. The line is passed on each call, so that the struct borrows nothing.
package struct JSONMembers {
  private var position: Int
  private var isFirst = true
  /// The text ended, or went on as no object does.
  package private(set) var isMalformed = false

  /// Begins at the object whose `{` stands at `start`; nil where none does.
  package init?(in line: Span<UInt8>, at start: Int) {
    guard start >= 0, start < line.count, line[start] == 0x7B else { return nil }
    position = start + 1
  }

  /// The next member, or nil after the last.
  package mutating func next(in line: Span<UInt8>) -> JSONMember? {
    guard let start = JSONWalk.nextItem(line, &position, &isFirst, close: 0x7D, malformed: &isMalformed)
    else {
      return nil
    }
    guard let (key, afterKey) = JSONWalk.value(line, at: start), key.isString else { return fail() }
    let colon = JSONWalk.skipSpace(line, from: afterKey)
    guard colon < line.count, line[colon] == 0x3A,
      let (value, afterValue) = JSONWalk.value(line, at: JSONWalk.skipSpace(line, from: colon + 1))
    else { return fail() }
    position = afterValue
    return JSONMember(key: key.range, value: value)
  }

  private mutating func fail() -> JSONMember? {
    isMalformed = true
    return nil
  }
}

/// Steps through the elements of one JSON array; in all else as `JSONMembers`.
package struct JSONElements {
  private var position: Int
  private var isFirst = true
  package private(set) var isMalformed = false

  package init?(in line: Span<UInt8>, at start: Int) {
    guard start >= 0, start < line.count, line[start] == 0x5B else { return nil }
    position = start + 1
  }

  package mutating func next(in line: Span<UInt8>) -> JSONValue? {
    guard let start = JSONWalk.nextItem(line, &position, &isFirst, close: 0x5D, malformed: &isMalformed)
    else {
      return nil
    }
    guard let (value, after) = JSONWalk.value(line, at: start) else {
      isMalformed = true
      return nil
    }
    position = after
    return value
  }
}

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
