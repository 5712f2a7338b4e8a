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
