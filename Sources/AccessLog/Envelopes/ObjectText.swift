/// An object of a document as a line of its own, such as the proxy wrote it: without the spaces of indented JSON, and
/// without what a log's tools put beside its fields. So the same line is the same hop in whatever envelope.
enum ObjectText {
  /// What tools put beside the fields, as far as `EnvelopeKeys` gives it no meaning.
  private static let besides: Set<EnvelopeKeys.Words> = Set(
    [
      "stream", "date", "time", "timestamp", "@version", "source_type", "sourcetype", "host", "hostname",
      "docker",
      "_p", "logtag", "ecs", "agent", "input", "index", "_time", "tag", "offset", "cloud", "stage",
      "severity",
    ].map { EnvelopeKeys.Words($0) })

  static func append(
    _ body: DocumentBodies.Body, _ tape: JSONTape, _ text: Span<UInt8>, into out: inout [UInt8]
  ) {
    switch body.form {
    case .pairs: appendPairs(body.node, tape, text, into: &out)
    case .ztunnel: out += ZtunnelLine(body.node, tape, text).accessLog ?? []
    case .object where body.isMerged: appendMembers(body.node, tape, text, into: &out)
    case .object, .text: appendCompact(text, tape.nodes[body.node].range, into: &out)
    }
  }

  private static func appendMembers(
    _ node: Int, _ tape: JSONTape, _ text: Span<UInt8>, into out: inout [UInt8]
  ) {
    let hasStart =
      tape.child(of: node) { FieldNames.field(forKey: text.extracting($0.key)) == .startTime } != nil
    out.append(0x7B)
    var isFirst = true
    tape.children(of: node) { _, member in
      guard isKept(text.extracting(member.key), hasStart: hasStart) else { return }
      if !isFirst { out.append(0x2C) }
      isFirst = false
      let quote = member.isString ? 1 : 0
      appendCompact(text, member.key.lowerBound - 1..<member.range.upperBound + quote, into: &out)
    }
    out.append(0x7D)
  }

  private static func isKept(_ key: Span<UInt8>, hasStart: Bool) -> Bool {
    if let field = FieldNames.field(forKey: key) {
      if field == .logTime { return !hasStart }
      if !FieldNames.isIdentity(field) { return true }
    }
    return EnvelopeKeys.meaning(key) == nil && !besides.contains(EnvelopeKeys.Words(key))
  }

  /// `{"key":"value",…}` of a list of keys and values.
  private static func appendPairs(
    _ node: Int, _ tape: JSONTape, _ text: Span<UInt8>, into out: inout [UInt8]
  ) {
    out.append(0x7B)
    var isFirst = true
    DocumentBodies.eachMember(of: node, tape, text) { key, _, value, _ in
      guard let field = FieldNames.field(forKey: key), !FieldNames.isIdentity(field), !value.isContainer
      else {
        return
      }
      if !isFirst { out.append(0x2C) }
      isFirst = false
      out.append(0x22)
      out.append(key, 0..<key.count)
      out += [0x22, 0x3A]
      let quote = value.isString ? 1 : 0
      out.append(text, value.range.lowerBound - quote..<value.range.upperBound + quote)
    }
    out.append(0x7D)
  }

  /// Without the white space between tokens.
  private static func appendCompact(_ text: Span<UInt8>, _ range: Range<Int>, into out: inout [UInt8]) {
    out.reserveCapacity(out.count + range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = text[index]
      if byte == 0x22, let (value, end) = JSONWalk.value(text, at: index), end <= range.upperBound {
        out.append(text, value.range.lowerBound - 1..<value.range.upperBound + 1)
        index = end
      } else {
        if byte > 0x20 { out.append(byte) }
        index += 1
      }
    }
  }
}
