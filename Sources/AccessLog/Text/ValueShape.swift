/// What a value of a text format may look like: which bytes it may hold, and whether it is one at all.
///
/// Text templates do not escape, so where a value ends is a guess until the rest of the line agrees. Shapes make
/// wrong guesses fail: a line that a timestamp was inserted into, or a user agent that forges the fields after it.
enum ValueShape: Sendable, Equatable {
  /// Anything: a path, an operator that meshweft does not know.
  case free
  /// Anything but a request line's end: a user agent, a failure reason. They stand behind the path, and a path that
  /// forges the fields after it would else make the true ones part of them.
  case later
  /// Header text that ends a quote: anything but a quote (a request id, an authority, x-forwarded-for).
  case phrase
  /// No white space: response_code_details, an unquoted header.
  case word
  /// No white space and no quote: a method, flags, a cluster, a server name.
  case name
  /// `HTTP/1.1`, `HTTP/2` or `-`.
  case httpProtocol
  /// Digits with an optional fraction, `-`, or a mask of x.
  case number
  /// `ip:port`, `[v6]:port`, an ip, `scheme://…`, a socket path, `-`, or any of these masked with x.
  case address
  /// RFC 3339 with any fraction and offset.
  case time
  /// Epoch seconds, or any other strftime form; its `TimestampForm` says whether it is one.
  case formattedTime

  /// Values of the other shapes end a search that has gone on for longer: no number has 4096 digits.
  static let longestClosedValue = Limits.closedValueBytes

  /// Whether a value may be longer than `longestClosedValue`.
  var isLong: Bool { self == .free || self == .later || self == .phrase || self == .word || self == .name }

  /// Whether a value of this shape may hold `byte`.
  @inline(__always) func allows(_ byte: UInt8) -> Bool {
    switch self {
    case .free, .later, .formattedTime: true
    case .phrase: byte != 0x22
    case .word: byte > 0x20
    case .name, .httpProtocol, .address, .number, .time: byte > 0x20 && byte != 0x22
    }
  }

  /// Whether `range` of the line is a value of this shape; its bytes are known to be allowed.
  ///
  /// A missing value is `-`, or nothing at all where Istio's omitEmptyValues is set; only a time is never missing.
  /// `holdsQuote` is false where the value is known to hold none.
  func accepts(_ line: Span<UInt8>, _ range: Range<Int>, holdsQuote: Bool = true) -> Bool {
    guard !range.isEmpty else { return acceptsNothing(line, at: range.lowerBound) }
    return switch self {
    case .free, .phrase: !Self.isBroken(line, range)
    case .later: !Self.isBroken(line, range) && !(holdsQuote && Self.holdsRequestLine(line, range))
    case .word, .name: !Self.endsWithStamp(line, range)
    case .formattedTime: true
    case .httpProtocol: Self.isProtocol(line, range)
    case .number: Self.isNumber(line, range)
    case .address: Self.isAddress(line, range)
    case .time: Stamp.end(in: line, at: range.lowerBound) == range.upperBound
    }
  }
}

extension ValueShape {
  /// Whether nothing may stand for a value at `index`. A request without a protocol has no path, either; a path
  /// before it would be both, cut in two.
  private func acceptsNothing(_ line: Span<UInt8>, at index: Int) -> Bool {
    switch self {
    case .time, .formattedTime: false
    case .httpProtocol: index < 2 || line[index - 1] != 0x20 || line[index - 2] == 0x20
    default: true
    }
  }

  /// Whether a whole timestamp with at least six digits of fraction and a space stands in the value.
  ///
  /// That is how `kubectl logs --timestamps` breaks a line of more than 16 KiB (kubernetes#77603). No client sends
  /// such text by accident, and a wrong hop is worse than a rejected line.
  private static func isBroken(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count > 27 else { return false }
    var index = range.lowerBound + 26
    while let zone = line.first(0x5A, from: index, to: range.upperBound) {
      index = zone + 1
      let isLast = index == range.upperBound
      guard isLast || line[index] == 0x20, let start = stampStart(line, range, zone: zone) else { continue }
      // A path may well end with a time; one that ends with a space and a time was cut there.
      if !isLast || (start > range.lowerBound && line[start - 1] == 0x20) { return true }
    }
    return false
  }

  /// Whether a value ends with a time that somebody has inserted, where the space after that time ended the value.
  private static func endsWithStamp(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count >= 27, line[range.upperBound - 1] == 0x5A else { return false }
    return stampStart(line, range, zone: range.upperBound - 1) != nil
  }

  /// Where the timestamp begins whose `Z` stands at `zone`, if one does.
  private static func stampStart(_ line: Span<UInt8>, _ range: Range<Int>, zone: Int) -> Int? {
    var start = zone
    let earliest = max(range.lowerBound, zone - 10)
    while start > earliest, line[start - 1].isDigit { start -= 1 }
    guard zone - start >= 6, start - 20 >= range.lowerBound else { return nil }
    return Stamp.end(in: line, at: start - 20) == zone + 1 ? start - 20 : nil
  }

  /// Whether the value holds the end of a quoted request line: then an unescaped quote before it was taken for the
  /// end of the path, and this "user agent" is really half of the line.
  private static func holdsRequestLine(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count >= 8 else { return false }
    var index = range.lowerBound
    while let slash = line.first(0x2F, from: index, to: range.upperBound) {
      index = slash + 1
      guard slash - range.lowerBound >= 4, line.holds("HTTP/", at: slash - 4) else { continue }
      var end = index
      while end < range.upperBound, line[end].isDigit || line[end] == 0x2E { end += 1 }
      if end > index, end + 1 < range.upperBound, line[end] == 0x22, line[end + 1] == 0x20 { return true }
    }
    return false
  }

  private static func isProtocol(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if range.count == 1 { return line[range.lowerBound] == 0x2D }
    return range.count <= 16 && range.count > 5 && line.holds("HTTP/", at: range.lowerBound)
  }

  private static func isNumber(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let first = range.first else { return false }
    if range.count == 1, line[first] == 0x2D { return true }
    if isMask(line[first]) { return range.allSatisfy { isMask(line[$0]) } }
    let digits = line[first] == 0x2D ? first + 1 : first
    guard digits < range.upperBound, line[digits].isDigit else { return false }
    var points = 0
    for index in digits..<range.upperBound {
      if line[index] == 0x2E { points += 1 } else if !line[index].isDigit { return false }
    }
    return points <= 1
  }

  private static func isAddress(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let first = range.first else { return false }
    switch line[first] {
    case 0x2D where range.count == 1: return true
    case 0x2F, 0x40: return range.count > 1
    case 0x5B: return isBracketed(line, range)
    default: break
    }
    var colon = -1
    var separators = 0
    for index in range {
      let byte = line[index]
      if byte == 0x3A {
        if line.holds("://", at: index), separators == 0, index > first { return true }
        colon = index
      }
      if byte == 0x3A || byte == 0x2E { separators += 1 }
    }
    guard separators > 0 else { return false }
    if colon >= 0, isHost(line, first..<colon), isPort(line, colon + 1..<range.upperBound) { return true }
    // Without a port: what stands behind the last colon of an IPv6 address is a group, four octets, or has a zone.
    return isHost(line, range) || isZoned(line, range)
  }

  /// `fe80::1%eth0`
  private static func isZoned(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let percent = line.first(0x25, from: range.lowerBound, to: range.upperBound) else { return false }
    return isHost(line, range.lowerBound..<percent) && IPAddress(range.map { line[$0] }) != nil
  }

  /// `[2001:db8::1]:443`, with or without the port, with or without a zone.
  private static func isBracketed(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let close = line.first(0x5D, from: range.lowerBound, to: range.upperBound),
      close > range.lowerBound + 2, line.first(0x3A, from: range.lowerBound, to: close) != nil
    else { return false }
    if close + 1 == range.upperBound { return true }
    return line[close + 1] == 0x3A && isPort(line, close + 2..<range.upperBound)
  }

  private static func isPort(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    !range.isEmpty && range.count <= 5 && range.allSatisfy { line[$0].isDigit || isMask(line[$0]) }
  }

  /// An IPv4 or unbracketed IPv6 host: hex digits, points and colons, or a mask. Not a name: Envoy logs what it
  /// resolved, and a name here is the authority of a line whose quotes were misread.
  private static func isHost(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    !range.isEmpty
      && range.allSatisfy { index in
        let byte = line[index]
        return byte.isDigit || byte == 0x2E || byte == 0x3A || isMask(byte) || (byte | 0x20) &- 0x61 < 6
      }
  }

  private static func isMask(_ byte: UInt8) -> Bool { byte | 0x20 == 0x78 || byte == 0x2A }
}
