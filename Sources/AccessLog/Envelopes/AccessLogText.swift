/// What an access log looks like from outside: whether one may begin somewhere, or stands behind something unknown.
enum AccessLogText {
  /// Whether one may begin at `start`: an object, a text line's time in brackets, ztunnel's line.
  static func begins(_ line: Span<UInt8>, at start: Int) -> Bool {
    guard start < line.count else { return false }
    switch line[start] {
    case 0x7B:
      // `{pod="x"} …` are labels.
      let next = JSONWalk.skipSpace(line, from: start + 1)
      return next >= line.count || line[next] == 0x22 || line[next] == 0x7D
    case 0x5B: return start + 1 < line.count && line[start + 1].isDigit
    default: return line[start].isDigit && ZtunnelLine.isAt(line, start)
    }
  }

  /// Whether the inside of a JSON string is certainly one: its start is there.
  static func isLine(_ text: Span<UInt8>) -> Bool {
    isWithin(text) || text.contains("start_time", in: 0..<text.count)
  }

  /// Whether the inside of a JSON string, escapes and all, may hold one behind some prefix.
  static func mayBegin(_ text: Span<UInt8>) -> Bool {
    guard let first = text.first(0x5B, or: 0x7B, from: 0, to: min(text.count, 512)) else {
      return text.contains("connection ", in: 0..<min(text.count, 512))
    }
    return first == 0 || text.count > first + 1
  }

  /// Whether a line holds a text access log somewhere, perhaps with its quotes escaped:
  /// `[2025-03-04T08:15:02.417Z] "GET `.
  static func isWithin(_ line: Span<UInt8>) -> Bool {
    var from = 0
    while let open = line.first(0x5B, from: from, to: line.count) {
      from = open + 1
      guard let end = Stamp.end(in: line, at: open + 1), line.holds("] ", at: end) else { continue }
      var quote = end + 2
      while quote < line.count, line[quote] == 0x5C { quote += 1 }
      if quote < line.count, line[quote] == 0x22 { return true }
    }
    return isObjectWithin(line) || isConnectionWithin(line)
  }

  /// Whether an object stands behind other text up to the line's end: what begins one, and not only the end of one.
  static func isBehindText(_ line: Span<UInt8>) -> Bool {
    let end = line.trimmedEnd(line.count)
    guard end > 2, line[0] != 0x7B, line[end - 1] == 0x7D else { return false }
    return line.contains("{\"", in: 1..<end)
  }

  /// A connection of ztunnel's, whatever became of its tabs.
  private static func isConnectionWithin(_ line: Span<UInt8>) -> Bool {
    line.contains("connection complete", in: 0..<line.count) && line.contains("src", in: 0..<line.count)
      && line.contains("direction", in: 0..<line.count) && line.contains("bytes_recv", in: 0..<line.count)
  }

  /// Keys that only access logs have, with their quotes escaped or doubled: an object in a string that nobody took out.
  private static func isObjectWithin(_ line: Span<UInt8>) -> Bool {
    guard line.first(0x5C, from: 0, to: line.count) != nil || line.contains("\"\"", in: 0..<line.count) else {
      return false
    }
    for key in ["response_flags", "upstream_cluster", "downstream_remote_address"] as [StaticString] {
      for quote in ["\\\"", "\"\""] as [StaticString] where holds(line, key, quote) { return true }
    }
    return false
  }

  private static func holds(_ line: Span<UInt8>, _ key: StaticString, _ quote: StaticString) -> Bool {
    var from = 0
    // Safe: a StaticString's bytes live for ever, and no key is empty.
    let first = unsafe key.utf8Start.pointee
    while let found = line.first(first, from: from, to: line.count) {
      from = found + 1
      if line.holds(key, at: found), line.holds(quote, at: found + key.utf8CodeUnitCount),
        line.holds(quote, at: found - 2)
      {
        return true
      }
    }
    return false
  }
}

extension Span where Element == UInt8 {
  var isBlank: Bool { JSONWalk.skipSpace(self, from: 0) == count }
}
