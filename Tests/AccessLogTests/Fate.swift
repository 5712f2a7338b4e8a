import AccessLog

/// What becomes of a line with the envelopes, the text layouts and the names alone; the JSON scanner has tests of
/// its own.
enum Fate: Equatable {
  case text(String), object(Int), skipped, rejected, pending
}

/// One input, read line by line.
struct FateReader {
  var stripper = EnvelopeStripper()
  var formats = TextFormats()

  mutating func read(_ line: [UInt8]) -> Fate {
    let stripped = stripper.strip(line.span)
    switch stripped.body {
    case .range(let range): return fate(ofBody: Array(line[range]))
    case .decoded: return fate(ofBody: stripper.decoded)
    case .pending: return .pending
    case .tooLong, .cut: return .rejected
    }
  }

  private mutating func fate(ofBody body: [UInt8]) -> Fate {
    var table = FieldTable()
    if formats.match(body.span, into: &table) {
      return .text(TextFormats.builtInSources.first { $0.format == formats.lastFormat.source }?.name ?? "")
    }
    let (known, isObject) = knownKeys(body)
    if isObject { return known > 0 ? .object(known) : .skipped }
    return Noise.classify(body.span) == .skipped ? .skipped : .rejected
  }

  private func knownKeys(_ body: [UInt8]) -> (known: Int, isObject: Bool) {
    let line = body.span
    guard var members = JSONMembers(in: line, at: 0) else { return (0, false) }
    var known = 0
    while let member = members.next(in: line) {
      if FieldNames.field(forKey: line.extracting(member.key)) != nil { known += 1 }
    }
    return (known, !members.isMalformed)
  }
}
