/// Takes off what tools put around access-log lines, line by line and without being told which.
///
/// One per input, because parts of a line are kept until its end. A line without an envelope costs a look at its
/// first bytes; an envelope of text costs its own length; one of JSON a pass over the line (`JSONTape`,
/// `DocumentBodies`). What is not certainly an envelope is left alone: the body is then the whole line.
package struct EnvelopeStripper: Sendable {
  /// Who wrote the current line, as far as its envelope says; empty: it does not.
  package internal(set) var origin = Origin<[UInt8]>()
  /// The body of the last line that was not a range of it.
  package internal(set) var decoded: [UInt8] = []

  var parts = PartialLines()
  /// The current line's envelope says something of who wrote it.
  var hasIdentity = false
  /// Lines that look like access logs have to be stripped, too: they may be parts of something, or have an identity.
  private(set) var isBusy = false
  /// The first key of an object that was found to be an access log, so that the next one costs no walk.
  var flatFirstKey: [UInt8] = []
  /// The last object had its writer beside its fields: the next one will.
  var lastWasMerged = false
  /// Names that hold for the lines that have none of their own.
  var section = SectionLines()
  var table: CSVTable?
  var document = OpenDocument()
  private var yaml = KubernetesYAML()
  /// Kubernetes objects that were found since they were taken.
  package internal(set) var objects: [KubernetesObject] = []
  /// Further bodies of the current line.
  var waiting: WaitingBodies
  /// The document was cut, which is said when its bodies have been given.
  var isCut = false
  /// A line, or the rest of one, that is to be read when the bodies before it have been given.
  var nextLine: [UInt8] = []

  /// The user's own text format may begin with anything.
  let own: OwnFormat?

  /// `format`: the user's own text format.
  package init(own format: TextFormat? = nil) {
    own = format.map(OwnFormat.init)
    waiting = WaitingBodies(own: own)
  }

  /// Takes the envelope off one line (without its line feed).
  ///
  /// While `nextBody()` gives more, the line has further bodies.
  package mutating func strip(_ line: Span<UInt8>) -> Stripped {
    let stripped = document.isOpen ? goOn(line) : takesYAML(line) ? nobody(line) : begin(line)
    settle()
    return stripped
  }

  /// The Kubernetes objects that were found since this was asked last.
  mutating func takeObjects() -> [KubernetesObject] {
    defer { objects.removeAll() }
    return objects
  }

  mutating func settle() {
    isBusy = hasIdentity || document.isOpen || table != nil || !section.names.isEmpty || yaml.isOpen
  }

  /// Whether `nextBody` may give one: asked for every line.
  var hasMore: Bool { !waiting.isEmpty || isCut || !nextLine.isEmpty }

  /// The next body of the line that was stripped last; only documents have more than one.
  package mutating func nextBody() -> Stripped? {
    if waiting.take(into: &decoded) { return waitingBody() }
    if isCut {
      isCut = false
      return Stripped(body: .cut, identityChanged: false)
    }
    guard !nextLine.isEmpty else { return nil }
    let line = nextLine
    nextLine = []
    var stripped = strip(line.span)
    if case .range(let range) = stripped.body {
      decoded = Array(line[range])
      stripped.body = .decoded
    }
    return stripped
  }

  /// Whether the input ended within a line of several parts, which are dropped: `.pending`, or `.tooLong`; nil where
  /// it did not. What was finished of a document comes with `nextBody`, and then `.cut`.
  package mutating func abandonParts() -> Stripped.Body? {
    yaml.close()
    objects += yaml.objects
    yaml.objects.removeAll()
    if document.isOpen {
      takeClosed()
      isCut = true
      document.close()
      settle()
    }
    return parts.abandon().map { $0 == .tooLong ? .tooLong : .pending }
  }

  /// Whether the line is one of Kubernetes objects' YAML.
  private mutating func takesYAML(_ line: Span<UInt8>) -> Bool {
    guard yaml.isOpen || KubernetesYAML.begins(line) else { return false }
    let takes = yaml.take(line)
    objects += yaml.objects
    yaml.objects.removeAll()
    return takes
  }

  private mutating func begin(_ line: Span<UInt8>) -> Stripped {
    guard line.count > 1 else { return line.isBlank ? whole(line) : stripDocument(line) ?? whole(line) }
    if let row = stripRow(line) { return row }
    switch line[0] {
    case 0x7B:
      if !lastWasMerged, Self.isAccessLogObject(line, at: 0) || isLikeTheLast(line) { return whole(line) }
      return stripDocument(line) ?? whole(line)
    case 0x5B where line[1].isDigit: return whole(line)
    case 0x5B where [0x7B, 0x5B, 0x22, 0x20].contains(line[1]):
      return stripDocument(line) ?? stripPrefix(line)
    case 0: return whole(line)
    // JSON text sequences (RFC 7464).
    case 0x1E: return stripDocument(line) ?? whole(line)
    case 0x20, 0x09: return stripIndented(line)
    default: return stripPrefix(line)
    }
  }

  /// A line that begins with spaces: a part of indented JSON, or one that names the writer of the next ones.
  private mutating func stripIndented(_ line: Span<UInt8>) -> Stripped {
    let start = JSONWalk.skipSpace(line, from: 0)
    guard start < line.count else { return whole(line) }
    if line[start] == 0x7B || line[start] == 0x5B { return stripDocument(line) ?? whole(line) }
    return section.take(line) ? nobody(line) : whole(line)
  }

  /// Whether the object at `start` begins with a key that only access logs have.
  static func isAccessLogObject(_ line: Span<UInt8>, at start: Int) -> Bool {
    guard let key = firstKey(line, at: start), let field = FieldNames.field(forKey: line.extracting(key))
    else {
      return false
    }
    return !FieldNames.isIdentity(field)
  }

  /// The object's first key, if it is no longer than keys are.
  static func firstKey(_ line: Span<UInt8>, at start: Int) -> Range<Int>? {
    let quote = JSONWalk.skipSpace(line, from: start + 1)
    guard quote < line.count, line[quote] == 0x22,
      let close = line.first(0x22, from: quote + 1, to: min(line.count, quote + 66))
    else { return nil }
    return quote + 1..<close
  }

  private func isLikeTheLast(_ line: Span<UInt8>) -> Bool {
    guard !flatFirstKey.isEmpty, let key = Self.firstKey(line, at: 0) else { return false }
    return flatFirstKey.span.isEqual(to: line.extracting(key))
  }
}

// Text.
extension EnvelopeStripper {
  mutating func whole(_ line: Span<UInt8>) -> Stripped {
    Stripped(body: .range(0..<line.count), identityChanged: adopt(Origin(), line))
  }

  /// A line that is nothing but information about others.
  mutating func nobody(_ line: Span<UInt8>) -> Stripped {
    Stripped(body: .pending, identityChanged: adopt(Origin(), line))
  }

  /// Makes `identity`, and `names` where it says nothing, the current one; whether it is another than before.
  mutating func adopt(
    _ identity: Origin<Range<Int>>, _ line: Span<UInt8>, _ names: Origin<[UInt8]> = Origin()
  ) -> Bool {
    var names = names
    names.fill(from: section.names)
    if !hasIdentity, identity.isEmpty, names.isEmpty { return false }
    hasIdentity = !identity.isEmpty || !names.isEmpty
    var changed = Self.replace(&origin.pod, line, identity.pod, names.pod)
    changed = Self.replace(&origin.namespace, line, identity.namespace, names.namespace) || changed
    changed = Self.replace(&origin.container, line, identity.container, names.container) || changed
    return Self.replace(&origin.meshCluster, line, identity.meshCluster, names.meshCluster) || changed
  }

  /// Rewrites `text` if it differs from `range` of the line, or, where that is empty, from `other`.
  static func replace(_ text: inout [UInt8], _ line: Span<UInt8>, _ range: Range<Int>, _ other: [UInt8] = [])
    -> Bool
  {
    if range.isEmpty {
      guard text != other else { return false }
      text = other
      return true
    }
    let new = line.extracting(range)
    if text.span.isEqual(to: new) { return false }
    text.removeAll(keepingCapacity: true)
    text.append(line, range)
    return true
  }

  private mutating func stripPrefix(_ line: Span<UInt8>) -> Stripped {
    let prefix = PlainPrefix(line, own: own)
    if ZtunnelLine.isAt(line, prefix.bodyStart) { return stripConnection(line, prefix) }
    guard prefix.bodyStart > 0 else {
      if prefix.isOwn { return whole(line) }
      if section.take(line) { return nobody(line) }
      if let header = CSVTable(header: line) {
        table = header
        return nobody(line)
      }
      return whole(line)
    }
    let changed = adopt(prefix.identity, line, prefix.names)
    let end = prefix.closing == line[line.count - 1] ? line.count - 1 : line.count
    let body = prefix.bodyStart..<max(prefix.bodyStart, end)
    guard let runtime = prefix.runtime else { return inner(line, body, changed: changed) }
    if runtime.isPartial {
      parts.add(line, body, isStderr: runtime.isStderr)
      return Stripped(body: .pending, identityChanged: changed)
    }
    return finish(line, body, isStderr: runtime.isStderr, identityChanged: changed)
  }

  /// What stands behind a prefix may be a document itself.
  private mutating func inner(_ line: Span<UInt8>, _ body: Range<Int>, changed: Bool) -> Stripped {
    guard !body.isEmpty, line[body.lowerBound] == 0x7B, !Self.isAccessLogObject(line, at: body.lowerBound)
    else {
      return Stripped(body: .range(body), identityChanged: changed)
    }
    guard var found = stripDocument(line.extracting(body), below: origin, opens: false) else {
      return Stripped(body: .range(body), identityChanged: changed)
    }
    if case .range(let range) = found.body {
      found.body = .range(range.lowerBound + body.lowerBound..<range.upperBound + body.lowerBound)
    }
    found.identityChanged = found.identityChanged || changed
    return found
  }

  private mutating func stripConnection(_ line: Span<UInt8>, _ prefix: PlainPrefix) -> Stripped {
    let connection = ZtunnelLine(line, at: prefix.bodyStart)
    guard let text = connection.accessLog else {
      return Stripped(
        body: .range(prefix.bodyStart..<line.count), identityChanged: adopt(Origin(), line))
    }
    decoded = text
    return Stripped(body: .decoded, identityChanged: adopt(Origin(), line, connection.names))
  }

  private mutating func finish(
    _ line: Span<UInt8>, _ body: Range<Int>, isStderr: Bool, identityChanged: Bool
  ) -> Stripped {
    switch parts.finish(line, body, isStderr: isStderr, into: &decoded) {
    case .alone: return inner(line, body, changed: identityChanged)
    case .whole: return Stripped(body: .decoded, identityChanged: identityChanged)
    case .tooLong: return Stripped(body: .tooLong, identityChanged: identityChanged)
    }
  }
}
