/// What tools put before a line of text: who wrote it and when.
///
/// `kubectl logs --prefix` (`[pod/NAME/CONTAINER] `) and `--timestamps` (RFC 3339 and a space), `stern` (pod and
/// container, the namespace before them with several of them, colours), container runtimes (`TIME stdout F `) and
/// `docker compose` (`NAME  | `), one after the other as they are combined.
struct PlainPrefix {
  /// Where the line's own text begins.
  var bodyStart = 0
  var identity = Origin<Range<Int>>()
  /// A container runtime's line: its stream, and whether more of the text follows in a further line.
  var runtime: (isStderr: Bool, isPartial: Bool)?
  /// The prefix can be nothing else, whatever stands behind it.
  var isCertain = false
  /// What the line ends with because of its prefix, and what is no part of the body.
  private(set) var closing: UInt8?
  /// Names that are none of the line's ranges.
  private(set) var names = Origin<[UInt8]>()
  private var hasCompose = false
  private var own: OwnFormat?
  /// What stands behind it has the user's own format.
  private(set) var isOwn = false

  /// Reads the prefix of a line; `bodyStart` is 0 where there is none. `own`: the user's own format.
  init(_ line: Span<UInt8>, own: OwnFormat? = nil) {
    self.own = own
    if line.holds("\u{FEFF}", at: 0) { bodyStart = 3 }
    // Each round takes off one prefix; no tool adds more than three.
    if own == nil { for _ in 0..<4 where takeOne(line) {} } else { takeAll(line) }
    guard isCertain || isOwn || looksLikeBody(line) else {
      self = PlainPrefix()
      return
    }
    // `a | b` is anybody's text: what it names counts only before an access log.
    if hasCompose, !looksLikeBody(line) { identity.pod = 0..<0 }
    if !looksLikeBody(line) { names = Origin() }
  }

  private init() { own = nil }

  /// Where the rest of a line has the user's own format there may be several such places, for a value of it may be what looks
  /// like a prefix, and a value in which spaces are allowed may hold one: the last of them is meant, since what is left
  /// of a line is not enough for the format's values.
  private mutating func takeAll(_ line: Span<UInt8>) {
    var last: PlainPrefix?
    for _ in 0..<4 {
      // What begins as access logs do is tried as one anyway.
      if last == nil, AccessLogText.begins(line, at: bodyStart) { return }
      if isAtOwn(line) { last = self }
      guard takeOne(line) else { break }
    }
    if last == nil, AccessLogText.begins(line, at: bodyStart) { return }
    // What a container runtime puts before a line is no part of it.
    if isAtOwn(line) { last = self } else if runtime != nil { last = nil }
    guard let last else { return }
    self = last
    bodyStart = Self.skipColours(line, from: bodyStart)
    isOwn = true
  }

  /// The longer one of what names and other tools' prefixes take off: a format's values hold much.
  private mutating func takeLongest(_ line: Span<UInt8>, from start: Int) -> Bool {
    var (names, shape) = (self, self)
    let hasNames = names.takeNames(line, from: start)
    guard shape.takeShape(line, from: start), !hasNames || names.bodyStart < shape.bodyStart else {
      if hasNames { self = names }
      return hasNames
    }
    self = shape
    return true
  }

  private func isAtOwn(_ line: Span<UInt8>) -> Bool {
    guard let own else { return false }
    let end = closing != nil && closing == line[line.count - 1] ? line.count - 1 : line.count
    return own.isAt(line, Self.skipColours(line, from: bodyStart), end: end)
  }

  /// Whether an access log may begin where the prefix ends.
  private func looksLikeBody(_ line: Span<UInt8>) -> Bool { isOwn || isBody(line, at: bodyStart) }

  /// Whether an access log may begin at `start`: an object, a text line's time in brackets, or the user's own format.
  private func isBody(_ line: Span<UInt8>, at start: Int, closing: UInt8? = nil) -> Bool {
    if AccessLogText.begins(line, at: start) { return true }
    guard let own else { return false }
    let isClosed = closing != nil && line.count > 0 && closing == line[line.count - 1]
    return own.isAt(line, start, end: isClosed ? line.count - 1 : line.count)
  }

  /// Whether what stands at `start` is certainly no prefix.
  private func isCertainBody(_ line: Span<UInt8>, at start: Int) -> Bool {
    AccessLogText.begins(line, at: start) || isOwnText(line, at: start)
  }

  /// Whether the user's own format is at `start`, and begins with text that is no prefix then, whatever it looks like.
  private func isOwnText(_ line: Span<UInt8>, at start: Int) -> Bool {
    own.map { $0.beginsWithText && $0.isAt(line, start, end: line.count) } ?? false
  }

  /// Takes one prefix off; false where there is none, or where nothing may follow.
  private mutating func takeOne(_ line: Span<UInt8>) -> Bool {
    let start = Self.skipColours(line, from: bodyStart)
    guard start < line.count, runtime == nil, !isCertainBody(line, at: start) else {
      bodyStart = start <= line.count ? start : bodyStart
      return false
    }
    if line[start] == 0x5B { return takeKubectl(line, from: start) || takeShape(line, from: start) }
    if line[start].isDigit, takeTime(line, from: start) { return true }
    return own == nil
      ? takeNames(line, from: start) || takeShape(line, from: start) : takeLongest(line, from: start)
  }

  /// One of the other tools' prefixes; it counts only before an access log.
  private mutating func takeShape(_ line: Span<UInt8>, from start: Int) -> Bool {
    for shape in PrefixShape.all {
      guard let (end, found) = shape.match(line, from: start) else { continue }
      let text = Self.skipColours(line, from: end)
      guard isBody(line, at: text, closing: shape.closing) || holdsRuntime(line, from: text) else {
        continue
      }
      bodyStart = text
      names.fill(from: found)
      closing = shape.closing ?? closing
      return true
    }
    return false
  }

  /// A container runtime's prefix behind another one, or a time.
  private func holdsRuntime(_ line: Span<UInt8>, from start: Int) -> Bool {
    guard start < line.count, line[start].isDigit, let end = Stamp.end(in: line, at: start), end < line.count,
      line[end] == 0x20
    else { return false }
    return line.holds("stdout ", at: end + 1) || line.holds("stderr ", at: end + 1)
      || isBody(line, at: end + 1)
  }

  /// `[pod/NAME/CONTAINER] `. Source: kubectl's logs command, `addPrefixIfNeeded`.
  private mutating func takeKubectl(_ line: Span<UInt8>, from start: Int) -> Bool {
    guard line.holds("[pod/", at: start),
      let close = line.first(0x5D, from: start, to: min(line.count, start + 600)),
      line.holds("] ", at: close),
      let slash = line.first(0x2F, from: start + 5, to: close)
    else { return false }
    identity.pod = start + 5..<slash
    identity.container = slash + 1..<close
    bodyStart = close + 2
    isCertain = true
    return true
  }

  /// A time and a space; then perhaps a container runtime's stream and tag.
  private mutating func takeTime(_ line: Span<UInt8>, from start: Int) -> Bool {
    guard let end = Stamp.end(in: line, at: start) ?? Self.shortTimeEnd(line, from: start), end < line.count,
      line[end] == 0x20
    else { return false }
    bodyStart = end + 1
    takeStream(line)
    // The time may be the beginning of more: syslog, a stream's name.
    if runtime == nil, own == nil {
      if !isBody(line, at: bodyStart) { _ = takeShape(line, from: start) }
    } else if runtime == nil {
      var shape = self
      guard !isOwnText(line, at: bodyStart) else { return true }
      if shape.takeShape(line, from: start), shape.bodyStart > bodyStart { self = shape }
    }
    return true
  }

  /// `stdout F ` or `stderr P `; a tag may go on after a colon (`F:…`).
  /// Source: Kubernetes' CRI logging format (kubelet `pkg/kubelet/kuberuntime/logs`).
  private mutating func takeStream(_ line: Span<UInt8>) {
    let isStderr = line.holds("stderr ", at: bodyStart)
    guard isStderr || line.holds("stdout ", at: bodyStart) else { return }
    let tag = bodyStart + 7
    guard tag < line.count, line[tag] == 0x46 || line[tag] == 0x50 else { return }
    guard let space = line.first(0x20, from: tag, to: min(line.count, tag + 64)) else {
      // `… stdout F` with nothing behind it is an empty line.
      guard tag + 1 == line.count else { return }
      return setRuntime(isStderr, line[tag] == 0x50, bodyStart: line.count)
    }
    guard space == tag + 1 || line[tag + 1] == 0x3A else { return }
    setRuntime(isStderr, line[tag] == 0x50, bodyStart: space + 1)
  }

  private mutating func setRuntime(_ isStderr: Bool, _ isPartial: Bool, bodyStart start: Int) {
    runtime = (isStderr, isPartial)
    isCertain = true
    bodyStart = start
  }

  /// `NAME | ` (compose), or two or three names of stern's.
  private mutating func takeNames(_ line: Span<UInt8>, from start: Int) -> Bool {
    guard !hasCompose, let first = Self.name(line, from: start) else { return false }
    if let body = Self.afterBar(line, from: first.upperBound) {
      identity.pod = first
      bodyStart = body
      hasCompose = true
      isCertain = true
      return true
    }
    guard let second = Self.nextName(line, after: first) else { return false }
    let message = messageStart(line, after: second)
    let isOwnMessage = message.map { isOwnText(line, at: $0) } ?? false
    if own != nil, !isOwnMessage, takeThree(line, first, second) { return true }
    if let body = message {
      identity.pod = first
      identity.container = second
      bodyStart = body
      return true
    }
    return takeThree(line, first, second)
  }

  /// `NAMESPACE POD CONTAINER `, of stern's.
  private mutating func takeThree(_ line: Span<UInt8>, _ first: Range<Int>, _ second: Range<Int>) -> Bool {
    guard let third = Self.nextName(line, after: second), let body = messageStart(line, after: third)
    else {
      return false
    }
    identity.namespace = first
    identity.pod = second
    identity.container = third
    bodyStart = body
    return true
  }
}

extension PlainPrefix {
  /// Past the terminal sequences at `start` (`ESC [ … letter`): stern and compose colour the names.
  static func skipColours(_ line: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index + 1 < line.count, line[index] == 0x1B, line[index + 1] == 0x5B {
      index += 2
      while index < line.count, line[index] >= 0x20, line[index] < 0x40 { index += 1 }
      guard index < line.count else { return index }
      index += 1
    }
    return index
  }

  /// stern's short time, `01-02 15:04:05`.
  private static func shortTimeEnd(_ line: Span<UInt8>, from start: Int) -> Int? {
    guard line.count - start > 14 else { return nil }
    for offset in 0..<14 {
      let byte = line[start + offset]
      switch offset {
      case 2: guard byte == 0x2D else { return nil }
      case 5: guard byte == 0x20 else { return nil }
      case 8, 11: guard byte == 0x3A else { return nil }
      default: guard byte.isDigit else { return nil }
      }
    }
    return start + 14
  }

  /// A name of a pod, a container, a namespace or a compose service; at most 253 bytes (RFC 1123).
  private static func name(_ line: Span<UInt8>, from start: Int) -> Range<Int>? {
    var index = start
    let limit = min(line.count, start + 254)
    while index < limit {
      let byte = line[index]
      guard byte.isLetter || byte.isDigit || byte == 0x2D || byte == 0x2E || byte == 0x5F else { break }
      index += 1
    }
    return index > start && index - start < 254 ? start..<index : nil
  }

  private static func nextName(_ line: Span<UInt8>, after name: Range<Int>) -> Range<Int>? {
    let space = skipColours(line, from: name.upperBound)
    guard space < line.count, line[space] == 0x20 else { return nil }
    return Self.name(line, from: skipColours(line, from: space + 1))
  }

  /// Where the text behind `  | ` begins. Compose pads the names to one width, hence any number of spaces.
  private static func afterBar(_ line: Span<UInt8>, from start: Int) -> Int? {
    var index = skipColours(line, from: start)
    while index < line.count, line[index] == 0x20 || line[index] == 0x09 { index += 1 }
    index = skipColours(line, from: index)
    guard index < line.count, line[index] == 0x7C else { return nil }
    index = skipColours(line, from: index + 1)
    if index < line.count, line[index] == 0x20 || line[index] == 0x09 { index += 1 }
    return skipColours(line, from: index)
  }

  /// Where stern's message begins, if it may be an access log, perhaps behind a time.
  private func messageStart(_ line: Span<UInt8>, after name: Range<Int>) -> Int? {
    let space = Self.skipColours(line, from: name.upperBound)
    guard space < line.count, line[space] == 0x20 else { return nil }
    let start = space + 1
    guard let end = Stamp.end(in: line, at: start) ?? Self.shortTimeEnd(line, from: start), end < line.count,
      line[end] == 0x20, isBody(line, at: end + 1)
    else { return isBody(line, at: start) ? start : nil }
    return start
  }
}
