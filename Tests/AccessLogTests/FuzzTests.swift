import AccessLog
import TestSupport
import Testing

@Suite struct `Random damage` {
  static let pieces = [
    "\"", "\\", "{", "}", "[", "]", ",", ":", " ", "\t", "\u{1B}[", "\0", "\u{FEFF}", "\":\"", "\",\"", "\\u",
    "\\ud800", "|",
    "stdout P ", "[pod/", "HTTP/1.1\" ", "2021-02-01T21:34:38.761055140Z ", "\"resourceLogs\":[",
    "\"log\":\"", "-", "é",
  ].map(\.bytes)

  /// Overwrites, inserts, deletes and doubles stretches of a line.
  private static func damage(_ line: [UInt8], _ numbers: inout SplitMix64) -> [UInt8] {
    var line = line
    for _ in 0..<Int.random(in: 1...4, using: &numbers) {
      let at = Int.random(in: 0...line.count, using: &numbers)
      let end = min(line.count, at + Int.random(in: 0...40, using: &numbers))
      switch Int.random(in: 0..<5, using: &numbers) {
      case 0 where at < line.count: line[at] = UInt8.random(in: 0...255, using: &numbers)
      case 1: line.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &numbers)], at: at)
      case 2: line.removeSubrange(at..<end)
      case 3: line.insert(contentsOf: line[at..<end], at: at)
      default: line = Array(line[..<at])
      }
    }
    return line
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `never traps, hangs or gives a slice outside the line`(seed: UInt64) throws {
    var numbers = SplitMix64(seed: seed)
    let bodies = Envelope.bodies
    let envelopes = Envelope.plain + Envelope.json
    let made = Repair(lastGoodLine: RealLines.asmJSON.bytes.span)
    let repair = try #require(made)
    var stripper = EnvelopeStripper()
    var formats = TextFormats()
    var table = FieldTable()
    for round in 0..<6000 {
      let envelope = envelopes[round % envelopes.count]
      let line = Self.damage(envelope.wrap(bodies[round % bodies.count]).bytes, &numbers)
      var next: Stripped? = stripper.strip(line.span)
      while let stripped = next {
        var body = stripper.decoded
        if case .range(let range) = stripped.body { body = Array(line[range]) }
        table.reset()
        if !formats.match(body.span, into: &table), !repair.read(body.span, into: &table) {
          _ = Noise.classify(body.span)
          for field in Field.allCases { #expect(table[field].kind == .absent) }
        }
        for field in Field.allCases { #expect(table[field].range.upperBound <= body.count) }
        next = stripper.nextBody()
      }
    }
  }
}
