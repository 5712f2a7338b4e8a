/// RFC 8259, token by token, over padded bytes. Every function takes an offset and returns the offset behind what
/// it read, or nil where the bytes are not that. Nothing recurses; nothing reads past `count` but slack.

enum JSONGrammar {
  /// What the inside of a string was like.
  struct StringEnd {
    /// The offset of the closing quote.
    var quote: Int
    var hasEscape = false
    /// Some byte is not ASCII: it may have to be checked for UTF-8.
    var hasNonASCII = false
    /// It holds `\377`, as Envoy wrote invalid UTF-8 before its pull request 35972.
    var hasOctalEscape = false
  }

  /// The end of a string whose opening quote is just before `start`.
  @inline(__always)
  static func string(_ line: PaddedBytes, from start: Int, octal: Bool) -> StringEnd? {
    var offset = start
    while offset < line.count {
      let run = line.plainRun32(offset)
      offset = offset &+ run
      guard run < 32 else { continue }
      guard offset < line.count else { return nil }
      return line[offset] == 0x22 ? StringEnd(quote: offset) : oddString(line, from: offset, octal: octal)
    }
    return nil
  }

  /// The rest of a string from its first byte on that is not plain: a backslash, not ASCII, a control character.
  @inline(never)
  static func oddString(_ line: PaddedBytes, from start: Int, octal: Bool) -> StringEnd? {
    var offset = start
    var end = StringEnd(quote: start)
    while offset < line.count {
      switch line[offset] {
      case 0x22:
        end.quote = offset
        return end
      case 0x5C:
        guard let next = escape(line, at: offset + 1, octal: octal) else { return nil }
        end.hasEscape = true
        if next == offset + 4 { end.hasOctalEscape = true }
        offset = next
      case 0x00..<0x20:
        return nil
      case 0x80...:
        end.hasNonASCII = true
        offset += 1
      default:
        offset += line.plainRun(offset)
      }
    }
    return nil
  }

  private static func escape(_ line: PaddedBytes, at offset: Int, octal: Bool) -> Int? {
    guard offset < line.count else { return nil }
    switch line[offset] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return offset + 1
    case UInt8(ascii: "u"):
      guard offset + 4 < line.count else { return nil }
      for index in 1...4 where hexValue(line[offset + index]) == nil { return nil }
      return offset + 5
    case UInt8(ascii: "0")...UInt8(ascii: "3") where octal && offset + 2 < line.count:
      for index in 1...2 where !(0x30...0x37).contains(line[offset + index]) { return nil }
      return offset + 3
    default:
      return nil
    }
  }

  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// A number: `-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?`
  @inline(__always)
  static func number(_ line: PaddedBytes, from start: Int) -> Int? {
    var offset = start
    if offset < line.count && line[offset] == UInt8(ascii: "-") { offset += 1 }
    guard offset < line.count, isDigit(line[offset]) else { return nil }
    if line[offset] == UInt8(ascii: "0") {
      offset += 1
    } else {
      offset = digits(line, from: offset)
    }
    guard offset < line.count else { return offset }
    let next = line[offset]
    if next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") {
      return fractionAndExponent(line, from: offset)
    }
    return isDigit(next) ? nil : offset
  }

  @inline(never)
  private static func fractionAndExponent(_ line: PaddedBytes, from start: Int) -> Int? {
    var offset = start
    if line[offset] == UInt8(ascii: ".") {
      let end = digits(line, from: offset + 1)
      guard end > offset + 1 else { return nil }
      offset = end
    }
    guard offset < line.count, line[offset] | 0x20 == UInt8(ascii: "e") else { return offset }
    offset += 1
    if offset < line.count && (line[offset] == UInt8(ascii: "+") || line[offset] == UInt8(ascii: "-")) {
      offset += 1
    }
    let end = digits(line, from: offset)
    return end > offset ? end : nil
  }

  @inline(__always)
  private static func digits(_ line: PaddedBytes, from start: Int) -> Int {
    var offset = start
    while offset < line.count {
      let run = ByteWords.digitRun(line.word(offset))
      offset += run
      if run < 8 { break }
    }
    return min(offset, line.count)
  }

  /// `true`, `false` or `null`.
  @inline(__always)
  static func literal(_ line: PaddedBytes, from start: Int) -> Int? {
    let word = line.word(start)
    let end: Int
    switch word & 0xFFFF_FFFF {
    case 0x6C6C_756E, 0x6575_7274: end = start + 4
    case 0x736C_6166 where (word >> 32) & 0xFF == 0x65: end = start + 5
    default: return nil
    }
    return end <= line.count ? end : nil
  }

  @inline(__always)
  static func skipSpace(_ line: PaddedBytes, from start: Int) -> Int {
    // What proxies write has none.
    start < line.count && line[start] > 0x20 ? start : skipSpaces(line, from: start)
  }

  @inline(never)
  private static func skipSpaces(_ line: PaddedBytes, from start: Int) -> Int {
    var offset = start
    while offset < line.count {
      switch line[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      default: return offset
      }
    }
    return offset
  }

  /// Any one value, containers included, which may nest up to `Limits.jsonDepth`.
  static func value(_ line: PaddedBytes, from start: Int) -> Int? {
    var nesting = Nesting()
    var offset = start
    while true {
      guard offset < line.count else { return nil }
      switch line[offset] {
      case UInt8(ascii: "{"):
        guard nesting.push(object: true) else { return nil }
        offset = skipSpace(line, from: offset + 1)
        if offset < line.count && line[offset] == UInt8(ascii: "}") { break }
        guard let value = member(line, from: offset) else { return nil }
        offset = value
        continue
      case UInt8(ascii: "["):
        guard nesting.push(object: false) else { return nil }
        offset = skipSpace(line, from: offset + 1)
        if offset < line.count && line[offset] == UInt8(ascii: "]") { break }
        continue
      default:
        guard let end = scalar(line, from: offset) else { return nil }
        offset = end
      }
      // Behind a value, or at the end of an empty container.
      guard let next = closeOrContinue(line, from: offset, &nesting) else { return nil }
      if nesting.depth == 0 { return next }
      offset = next
    }
  }

  @inline(__always)
  static func scalar(_ line: PaddedBytes, from start: Int) -> Int? {
    switch line[start] {
    case 0x22: string(line, from: start + 1, octal: false).map { $0.quote + 1 }
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): literal(line, from: start)
    default: number(line, from: start)
    }
  }

  /// `"key" :` and the space behind it; returns where the member's value starts.
  private static func member(_ line: PaddedBytes, from start: Int) -> Int? {
    guard start < line.count, line[start] == 0x22,
      let key = string(line, from: start + 1, octal: false)
    else { return nil }
    let colon = skipSpace(line, from: key.quote + 1)
    guard colon < line.count, line[colon] == UInt8(ascii: ":") else { return nil }
    return skipSpace(line, from: colon + 1)
  }

  /// Closes what ends here; returns where the next value starts, or the end where nothing is open any more.
  private static func closeOrContinue(_ line: PaddedBytes, from start: Int, _ nesting: inout Nesting) -> Int?
  {
    var offset = start
    while nesting.depth > 0 {
      offset = skipSpace(line, from: offset)
      guard offset < line.count else { return nil }
      switch (line[offset], nesting.inObject) {
      case (UInt8(ascii: "}"), true), (UInt8(ascii: "]"), false):
        nesting.pop()
        offset += 1
      case (UInt8(ascii: ","), true):
        return member(line, from: skipSpace(line, from: offset + 1))
      case (UInt8(ascii: ","), false):
        return skipSpace(line, from: offset + 1)
      default:
        return nil
      }
    }
    return offset
  }

  /// Which containers are open: one bit each, so that depth costs no memory.
  private struct Nesting {
    private var objects: UInt64 = 0
    private(set) var depth = 0

    var inObject: Bool { objects & 1 == 1 }

    mutating func push(object: Bool) -> Bool {
      guard depth < Limits.jsonDepth else { return false }
      objects = objects << 1 | (object ? 1 : 0)
      depth += 1
      return true
    }

    mutating func pop() {
      objects >>= 1
      depth -= 1
    }
  }
}
