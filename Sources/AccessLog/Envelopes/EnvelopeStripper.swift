/// What is left of a line when its envelope is taken off.
package struct Stripped: Sendable, Equatable {
  package enum Body: Sendable, Equatable {
    /// A range of the line that was given.
    case range(Range<Int>)
    /// The bytes in the stripper's `decoded`.
    case decoded
    /// A part of a longer line was kept; its body comes with the last part.
    case pending
    /// The parts together are longer than `Limits.lineBytes`: to be counted as rejected.
    case tooLong
  }
  package var body: Body
  /// The identity in the stripper is another than that of the line before.
  package var identityChanged: Bool
  /// A string escape of the envelope was none, or a lone surrogate: U+FFFD stands in the body.
  package var hasReplacedText: Bool

  package init(body: Body, identityChanged: Bool, hasReplacedText: Bool = false) {
    self.body = body
    self.identityChanged = identityChanged
    self.hasReplacedText = hasReplacedText
  }
}

/// Takes off what tools put around access-log lines, line by line and without being told which.
///
/// One per input, because parts of a line are kept until its end. A line without an envelope costs a look at its
/// first bytes; an envelope of text costs its own length; one of JSON a walk over the line's members. What is not
/// certainly an envelope is left alone: the body is then the whole line.
package struct EnvelopeStripper: Sendable {
  /// Who wrote the current line, as far as its envelope says; empty: it does not.
  package private(set) var pod: [UInt8] = []
  package private(set) var namespace: [UInt8] = []
  package private(set) var container: [UInt8] = []
  package private(set) var meshCluster: [UInt8] = []
  /// The body of the last line that was not a range of it.
  package private(set) var decoded: [UInt8] = []

  private var parts = PartialLines()
  /// The current line's envelope says something of who wrote it.
  private(set) var hasIdentity = false
  /// The first key of an object that was found to be an access log, so that the next one costs no walk.
  private var flatFirstKey: [UInt8] = []
  /// Further bodies of an OTLP line.
  private var queue: [OTLPBody] = []

  package init() {}

  /// Takes the envelope off one line (without its line feed).
  ///
  /// While `nextBody()` gives more, the line has further bodies.
  package mutating func strip(_ line: Span<UInt8>) -> Stripped {
    guard line.count > 1 else { return whole(line) }
    switch line[0] {
    case 0x7B:
      if Self.isAccessLogObject(line, at: 0) || isLikeTheLast(line) { return whole(line) }
      return stripObject(line)
    case 0x5B where line[1].isDigit: return whole(line)
    case 0, 0x20, 0x09: return whole(line)
    default: return stripPrefix(line)
    }
  }

  /// Whether the input ended within a line of several parts, which are dropped: `.pending`, or `.tooLong`; nil where
  /// it did not.
  package mutating func abandonParts() -> Stripped.Body? {
    parts.abandon().map { $0 == .tooLong ? .tooLong : .pending }
  }

  /// The next body of the line that was stripped last; only OTLP lines have more than one.
  package mutating func nextBody() -> Stripped? {
    guard let next = queue.popLast() else { return nil }
    decoded = next.text
    let changed =
      pod != next.pod || namespace != next.namespace || container != next.container
      || meshCluster != next.meshCluster
    (pod, namespace, container, meshCluster) = (next.pod, next.namespace, next.container, next.meshCluster)
    hasIdentity = true
    return Stripped(body: .decoded, identityChanged: changed, hasReplacedText: next.hasReplacedText)
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
  private static func firstKey(_ line: Span<UInt8>, at start: Int) -> Range<Int>? {
    let quote = JSONWalk.skipSpace(line, from: start + 1)
    guard quote < line.count, line[quote] == 0x22,
      let close = line.first(0x22, from: quote + 1, to: min(line.count, quote + 66))
    else { return nil }
    return quote + 1..<close
  }
}

extension EnvelopeStripper {
  private mutating func whole(_ line: Span<UInt8>) -> Stripped {
    Stripped(body: .range(0..<line.count), identityChanged: adopt(EnvelopeIdentity(), line))
  }

  /// Makes `identity` the current one; whether it is another than before.
  private mutating func adopt(_ identity: EnvelopeIdentity, _ line: Span<UInt8>) -> Bool {
    if !hasIdentity, identity.isEmpty { return false }
    hasIdentity = !identity.isEmpty
    var changed = Self.replace(&pod, line, identity.pod)
    changed = Self.replace(&namespace, line, identity.namespace) || changed
    changed = Self.replace(&container, line, identity.container) || changed
    return Self.replace(&meshCluster, line, identity.meshCluster) || changed
  }

  /// Rewrites `text` if it differs from `range` of the line.
  private static func replace(_ text: inout [UInt8], _ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let new = line.extracting(range)
    if text.span.isEqual(to: new) { return false }
    text.removeAll(keepingCapacity: true)
    text.append(line, range)
    return true
  }

  private mutating func stripPrefix(_ line: Span<UInt8>) -> Stripped {
    let prefix = PlainPrefix(line)
    guard prefix.bodyStart > 0 else { return whole(line) }
    let changed = adopt(prefix.identity, line)
    let body = prefix.bodyStart..<line.count
    guard let runtime = prefix.runtime else { return Stripped(body: .range(body), identityChanged: changed) }
    if runtime.isPartial {
      parts.add(line, body, isStderr: runtime.isStderr)
      return Stripped(body: .pending, identityChanged: changed)
    }
    return finish(line, body, isStderr: runtime.isStderr, identityChanged: changed)
  }

  private mutating func finish(
    _ line: Span<UInt8>, _ body: Range<Int>, isStderr: Bool, identityChanged: Bool
  ) -> Stripped {
    switch parts.finish(line, body, isStderr: isStderr, into: &decoded) {
    case .alone: Stripped(body: .range(body), identityChanged: identityChanged)
    case .whole: Stripped(body: .decoded, identityChanged: identityChanged)
    case .tooLong: Stripped(body: .tooLong, identityChanged: identityChanged)
    }
  }
}

// Objects.
extension EnvelopeStripper {
  private func isLikeTheLast(_ line: Span<UInt8>) -> Bool {
    guard !flatFirstKey.isEmpty, let key = Self.firstKey(line, at: 0) else { return false }
    return flatFirstKey.span.isEqual(to: line.extracting(key))
  }

  private mutating func stripObject(_ line: Span<UInt8>) -> Stripped {
    if let key = Self.firstKey(line, at: 0), line.extracting(key).isEqual(to: "resourceLogs") {
      queue = OTLPBody.read(line)
      queue.reverse()
      return nextBody() ?? whole(line)
    }
    guard let envelope = JSONEnvelope(line, at: 0) else { return whole(line) }
    if envelope.accessLogFields >= JSONEnvelope.enoughFields {
      if envelope.identity.isEmpty, let key = Self.firstKey(line, at: 0) {
        _ = Self.replace(&flatFirstKey, line, key)
      }
      return Stripped(body: .range(0..<line.count), identityChanged: adopt(envelope.identity, line))
    }
    guard let body = envelope.body else { return whole(line) }
    if body.kind == .object {
      return Stripped(body: .range(body.range), identityChanged: adopt(envelope.identity, line))
    }
    return stripString(line, body, envelope)
  }

  private mutating func stripString(_ line: Span<UInt8>, _ body: JSONValue, _ envelope: JSONEnvelope)
    -> Stripped
  {
    if body.kind == .string, !envelope.isDocker {
      guard PlainPrefix.isBody(line, at: body.range.lowerBound) else { return whole(line) }
      return Stripped(body: .range(body.range), identityChanged: adopt(envelope.identity, line))
    }
    decoded.removeAll(keepingCapacity: true)
    let isClean = JSONString.unescape(line, body.range, into: &decoded)
    var result =
      envelope.isDocker ? finishDocker(line, envelope) : Stripped(body: .decoded, identityChanged: false)
    guard result.body == .decoded else { return result }
    trimDecoded()
    guard PlainPrefix.isBody(decoded.span, at: 0) else { return whole(line) }
    result.identityChanged = adopt(envelope.identity, line)
    result.hasReplacedText = !isClean
    return result
  }

  /// Joins Docker's pieces: a full buffer without a line feed is followed by more.
  private mutating func finishDocker(_ line: Span<UInt8>, _ envelope: JSONEnvelope) -> Stripped {
    let piece = decoded
    if PartialLines.dockerPieceBytes.contains(piece.count), piece.last != 0x0A {
      parts.add(piece.span, 0..<piece.count, isStderr: envelope.isStderr)
      return Stripped(body: .pending, identityChanged: adopt(EnvelopeIdentity(), line))
    }
    if case .tooLong = parts.finish(piece.span, 0..<piece.count, isStderr: envelope.isStderr, into: &decoded)
    {
      return Stripped(body: .tooLong, identityChanged: adopt(EnvelopeIdentity(), line))
    }
    return Stripped(body: .decoded, identityChanged: false)
  }

  /// Takes off the line end that Docker keeps, and a runtime's prefix that a forwarder did not take off.
  private mutating func trimDecoded() {
    while let last = decoded.last, last == 0x0A || last == 0x0D { decoded.removeLast() }
    let prefix = PlainPrefix(decoded.span)
    if prefix.bodyStart > 0 { decoded.removeFirst(prefix.bodyStart) }
  }
}
