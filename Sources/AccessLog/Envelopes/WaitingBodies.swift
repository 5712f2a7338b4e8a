/// The bodies of a document that have not been asked for yet. They are decoded one by one: what waits is the document's own
/// text and a few bytes for each.
struct WaitingBodies {
  private var text: [UInt8] = []
  private var tape = JSONTape()
  private var bodies: [DocumentBodies.Body] = []
  private var allNames: [Origin<[UInt8]>] = []
  private var next = 0
  /// Further lines of a string that held several.
  private var lines: [UInt8] = []
  private var linesStart = 0
  /// Of the body that was given last.
  private(set) var names = Origin<[UInt8]>()
  private(set) var hasReplacedText = false
  private let own: OwnFormat?

  init(own: OwnFormat?) { self.own = own }

  var isEmpty: Bool { next >= bodies.count && linesStart >= lines.count }

  mutating func fill(_ found: DocumentBodies, _ tape: JSONTape, _ text: Span<UInt8>) {
    self.text.removeAll(keepingCapacity: self.text.capacity <= OpenDocument.batchBytes)
    self.text.append(text, 0..<text.count)
    self.tape = tape
    bodies = found.bodies
    allNames = found.names
    next = 0
    linesStart = lines.count
  }

  /// Puts the next body into `decoded`; false where there is none any more.
  mutating func take(into decoded: inout [UInt8]) -> Bool {
    if takeLine(into: &decoded) { return true }
    while next < bodies.count {
      let body = bodies[next]
      next += 1
      names = body.names >= 0 ? allNames[body.names] : Origin()
      decoded.removeAll(keepingCapacity: true)
      if decode(body, into: &decoded) { return true }
    }
    bodies.removeAll()
    return false
  }

  private mutating func decode(_ body: DocumentBodies.Body, into decoded: inout [UInt8]) -> Bool {
    hasReplacedText = false
    guard body.form == .text else {
      ObjectText.append(body, tape, text.span, into: &decoded)
      if body.form == .ztunnel {
        setNames(of: ZtunnelLine(body.node, tape, text.span))
      }
      return !decoded.isEmpty
    }
    let node = tape.nodes[body.node]
    hasReplacedText = !JSONString.unescape(text.span, node.range, into: &decoded)
    fill(lines: decoded)
    return takeLine(into: &decoded)
  }

  /// Lines of nobody's, beside what there is.
  mutating func fill(lines: [UInt8]) {
    self.lines = lines
    linesStart = 0
  }

  /// ztunnel's text, as an access log of its own.
  private mutating func takeConnection(_ decoded: inout [UInt8]) -> Bool {
    guard let line = WaitingBodies.connection(decoded.span), let text = line.accessLog else { return false }
    decoded = text
    setNames(of: line)
    return true
  }

  private static func connection(_ text: Span<UInt8>) -> ZtunnelLine? {
    if ZtunnelLine.isAt(text, 0) { return ZtunnelLine(text, at: 0) }
    guard text.count > 0, text[0] == 0x7B, text.contains("\"src", in: 0..<text.count) else { return nil }
    let tape = JSONTape(text)
    guard tape.state == .complete, let body = DocumentBodies(tape, text).bodies.first, body.form == .ztunnel,
      body.node == 0
    else { return nil }
    return ZtunnelLine(0, tape, text)
  }

  /// It names its workload itself; only the mesh cluster may be known better around it.
  private mutating func setNames(of line: ZtunnelLine) {
    var own = line.names
    if !names.meshCluster.isEmpty { own.meshCluster = names.meshCluster }
    names = own
  }

  /// The next line of a string that is one.
  private mutating func takeLine(into decoded: inout [UInt8]) -> Bool {
    while linesStart < lines.count {
      let end = lines.span.first(0x0A, from: linesStart, to: lines.count) ?? lines.count
      let line = linesStart..<linesStart + lines.span.extracting(linesStart..<end).trimmedReturns
      linesStart = end + 1
      decoded.removeAll(keepingCapacity: true)
      decoded.append(lines.span, line)
      let prefix = PlainPrefix(decoded.span, own: own)
      if prefix.bodyStart > 0 {
        if let closing = prefix.closing, decoded.last == closing { decoded.removeLast() }
        decoded.removeFirst(prefix.bodyStart)
      }
      if takeConnection(&decoded) { return true }
      if prefix.isOwn || AccessLogText.begins(decoded.span, at: 0) { return true }
    }
    return false
  }
}

extension Span where Element == UInt8 {
  /// How many bytes are left when carriage returns at the end are taken off.
  var trimmedReturns: Int {
    var end = count
    while end > 0, self[end - 1] == 0x0D { end -= 1 }
    return end
  }
}
