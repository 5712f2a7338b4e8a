// JSON: objects that hold an access log instead of being one, documents that hold many, over one line or several.
extension EnvelopeStripper {
  /// Reads a line that begins as JSON; nil where nothing in it is to be taken out.
  /// `names` hold for all in it; `opens`: the next lines may belong to it.
  mutating func stripDocument(
    _ line: Span<UInt8>, below names: Origin<[UInt8]> = Origin(), opens: Bool = true
  ) -> Stripped? {
    let tape = JSONTape(line)
    if let piece = dockerPiece(line, tape) { return stripPiece(line, piece) }
    if opens, document.begins(line, tape) {
      _ = adopt(Origin(), line)
      return document.isDue ? takeDue() : Stripped(body: .pending, identityChanged: false)
    }
    if tape.hasEmptyObjectBesideOthers { return nil }
    let found = DocumentBodies(tape, line, below: names, own: own)
    take(found, tape, line)
    guard let first = found.bodies.first else { return nil }
    if found.bodies.count == 1, isWhole(first, tape, line) {
      return stripFlat(line, first, found)
    }
    if found.bodies.count == 1, tape.state == .complete, let alone = stripAlone(line, first, found, tape) {
      return alone
    }
    waiting.fill(found, tape, line)
    lastWasMerged = first.isMerged && first.node == 0
    keepRest(line, tape)
    guard let stripped = nextBody() else { return nil }
    return stripped
  }

  /// For a line that begins as an access log, but has more to it: its writer in an object beside the fields, or further
  /// objects behind it. Nil where it has not.
  mutating func reconsider(_ line: Span<UInt8>) -> Stripped? {
    guard waiting.isEmpty, nextLine.isEmpty, !isCut, line.count > 1, line[0] == 0x7B else { return nil }
    let tape = JSONTape(line)
    guard let root = tape.nodes.first, root.isClosed, !tape.hasEmptyObjectBesideOthers else { return nil }
    let found = DocumentBodies(tape, line, own: own)
    guard let first = found.bodies.first, found.bodies.count > 1 || !isWhole(first, tape, line) else {
      return nil
    }
    waiting.fill(found, tape, line)
    lastWasMerged = first.isMerged && first.node == 0
    keepRest(line, tape)
    defer { settle() }
    return nextBody()
  }

  /// The next line of a document that is open.
  mutating func goOn(_ line: Span<UInt8>) -> Stripped {
    guard document.goOn(line) else {
      takeClosed()
      isCut = true
      document.close()
      nextLine = []
      nextLine.append(line, 0..<line.count)
      return nextBody() ?? whole(line)
    }
    if document.isDue { return takeDue() }
    guard document.isTooLong else { return Stripped(body: .pending, identityChanged: false) }
    document.close()
    return Stripped(body: .tooLong, identityChanged: false)
  }

  private mutating func takeDue() -> Stripped {
    takeClosed()
    if document.tape.stack.isEmpty { document.close() } else { document.dropClosed() }
    if document.isTooLong {
      document.close()
      return Stripped(body: .tooLong, identityChanged: false)
    }
    return nextBody() ?? Stripped(body: .pending, identityChanged: false)
  }

  /// What is finished of the open document waits to be asked for.
  mutating func takeClosed() {
    let text = document.text
    let found = DocumentBodies(document.tape, text.span, own: own)
    take(found, document.tape, text.span)
    if !found.bodies.isEmpty { waiting.fill(found, document.tape, text.span) }
  }

  /// Kubernetes objects among what was found.
  private mutating func take(_ found: DocumentBodies, _ tape: JSONTape, _ text: Span<UInt8>) {
    guard !found.objects.isEmpty else { return }
    var copy: [UInt8] = []
    copy.append(text, 0..<text.count)
    let reader = KubernetesReader(tape: tape, text: copy)
    objects += found.objects.compactMap { reader.object($0.node, $0.kind) }
  }

  /// The body that has been put into `decoded`.
  mutating func waitingBody() -> Stripped {
    let line = decoded
    let changed = adopt(Origin(), line.span, waiting.names)
    return Stripped(body: .decoded, identityChanged: changed, hasReplacedText: waiting.hasReplacedText)
  }

  /// What stands behind the last whole value of a line: a text line, or an object that was cut.
  private mutating func keepRest(_ line: Span<UInt8>, _ tape: JSONTape) {
    switch tape.state {
    case .complete: break
    case .open:
      if let open = tape.stack.first, open > 0 {
        nextLine.append(line, tape.nodes[Int(open)].range.lowerBound..<line.count)
      } else {
        isCut = false
      }
    case .malformed:
      let start = tape.stack.first.map { tape.nodes[Int($0)].range.lowerBound } ?? tape.position
      if start > 0, start + 1 < line.count, AccessLogText.begins(line, at: start) {
        nextLine.append(line, start..<line.count)
      }
    }
  }
}

// One object, one body.
extension EnvelopeStripper {
  /// The line is an access log as it stands.
  private func isWhole(_ body: DocumentBodies.Body, _ tape: JSONTape, _ line: Span<UInt8>) -> Bool {
    line[0] != 0x1E && body.form == .object && body.node == 0 && !body.isMerged && tape.state == .complete
      && tape.end(of: 0) == tape.nodes.count
  }

  private mutating func stripFlat(_ line: Span<UInt8>, _ body: DocumentBodies.Body, _ found: DocumentBodies)
    -> Stripped
  {
    lastWasMerged = false
    let names = body.names >= 0 ? found.names[body.names] : Origin()
    if names.isEmpty, let key = Self.firstKey(line, at: 0) {
      _ = Self.replace(&flatFirstKey, line, key)
    }
    return Stripped(
      body: .range(0..<line.count), identityChanged: adopt(Origin(), line, names))
  }

  /// A body that stands in the line as it is: no escapes, no spaces, nothing before it.
  private mutating func stripAlone(
    _ line: Span<UInt8>, _ body: DocumentBodies.Body, _ found: DocumentBodies, _ tape: JSONTape
  ) -> Stripped? {
    let node = tape.nodes[body.node]
    switch body.form {
    case .text:
      guard node.kind == .string, AccessLogText.begins(line, at: node.range.lowerBound),
        !line[node.range.lowerBound].isDigit
      else { return nil }
    case .object:
      guard !body.isMerged else { return nil }
      decoded.removeAll(keepingCapacity: true)
      ObjectText.append(body, tape, line, into: &decoded)
      guard decoded.count == node.range.count else { return nil }
    case .pairs, .ztunnel: return nil
    }
    lastWasMerged = false
    let names = body.names >= 0 ? found.names[body.names] : Origin()
    return Stripped(body: .range(node.range), identityChanged: adopt(Origin(), line, names))
  }
}

// Docker's json-file.
extension EnvelopeStripper {
  /// The `log` of an object that has nothing but Docker's keys: then a full buffer without a line feed is a part of a line.
  private func dockerPiece(_ line: Span<UInt8>, _ tape: JSONTape) -> Int? {
    guard tape.state == .complete, let root = tape.nodes.first, root.kind == .object,
      tape.end(of: 0) == tape.nodes.count, tape.nodes.count <= 5
    else { return nil }
    var log: Int?
    var isDocker = true
    tape.children(of: 0) { child, node in
      let key = line.extracting(node.key)
      if key.isEqual(to: "log"), node.isString {
        log = child
      } else if !(key.isEqual(to: "stream") || key.isEqual(to: "time") || key.isEqual(to: "attrs")) {
        isDocker = false
      }
    }
    guard isDocker, let log else { return nil }
    let length = tape.nodes[log].range.count
    return length >= PartialLines.dockerPieceBytes.lowerBound || !parts.isEmpty ? log : nil
  }

  /// Joins Docker's pieces.
  private mutating func stripPiece(_ line: Span<UInt8>, _ log: Int) -> Stripped {
    let tape = JSONTape(line)
    let stream = tape.child(of: 0) { line.extracting($0.key).isEqual(to: "stream") }
    let isStderr = stream.map { line.extracting(tape.nodes[$0].range).isEqual(to: "stderr") } ?? false
    var piece: [UInt8] = []
    JSONString.unescape(line, tape.nodes[log].range, into: &piece)
    let changed = adopt(Origin(), line)
    if PartialLines.dockerPieceBytes.contains(piece.count), piece.last != 0x0A {
      parts.add(piece.span, 0..<piece.count, isStderr: isStderr)
      return Stripped(body: .pending, identityChanged: changed)
    }
    switch parts.finish(piece.span, 0..<piece.count, isStderr: isStderr, into: &decoded) {
    case .tooLong: return Stripped(body: .tooLong, identityChanged: changed)
    case .alone: waiting.fill(lines: piece)
    case .whole: waiting.fill(lines: decoded)
    }
    return nextBody() ?? whole(line)
  }
}
