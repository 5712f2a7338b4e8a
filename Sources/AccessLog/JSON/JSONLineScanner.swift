/// Finds the fields of one JSON line after the other.
///
/// It predicts: most lines have the shape of one of the last few, and then only `PredictedScan` runs. All else goes
/// through `fullScan`, which validates the whole line by RFC 8259 and learns its shape. Both give the same fields
/// for the same line (tested against each other).
package struct JSONLineScanner {
  package enum Outcome: Sendable, Equatable {
    /// One object; its known members are in the table.
    case object
    /// Valid JSON, but not an object.
    case notObject
    /// Not JSON, from about this offset on.
    case malformed(offset: Int)
  }

  /// How many shapes are remembered: a stream of several proxies' formats, each at its own prediction.
  private static let maximumShapes = 4

  private var shapes: [LineShape] = []
  /// A user's own keys, asked first.
  private let names: FieldMap?
  /// Accept `\377` in strings (see `JSONGrammar.StringEnd`); the strict scanner refuses it.
  private let acceptsOctalEscapes: Bool
  /// Lines that went through the full scanner, for benchmarks and tests.
  package private(set) var fullScans = 0

  package init(names: FieldMap? = nil, acceptsOctalEscapes: Bool = false) {
    self.names = names
    self.acceptsOctalEscapes = acceptsOctalEscapes
  }

  /// The key sequences of the last good lines, newest first, each key as `"key":`.
  package var keyOrders: [[[UInt8]]] { shapes.map(\.keys) }

  /// Fills `fields`, which the caller has reset.
  package mutating func scan(_ line: PaddedBytes, into fields: inout FieldTable) -> Outcome {
    for index in shapes.indices {
      if PredictedScan.scan(line, shape: shapes[index], into: &fields) {
        if index > 0 { shapes.swapAt(0, index) }
        return .object
      }
      fields.reset()
    }
    return fullScan(line, into: &fields)
  }

  private mutating func fullScan(_ line: PaddedBytes, into fields: inout FieldTable) -> Outcome {
    fullScans &+= 1
    var offset = JSONGrammar.skipSpace(line, from: 0)
    guard offset < line.count else { return .malformed(offset: offset) }
    guard line[offset] == UInt8(ascii: "{") else {
      guard let end = JSONGrammar.value(line, from: offset) else { return .malformed(offset: offset) }
      let rest = JSONGrammar.skipSpace(line, from: end)
      return rest == line.count ? .notObject : .malformed(offset: rest)
    }
    var shape: LineShape? = offset == 0 ? LineShape() : nil
    offset = JSONGrammar.skipSpace(line, from: offset + 1)
    if offset < line.count && line[offset] == UInt8(ascii: "}") {
      offset += 1
    } else {
      guard members(line, from: &offset, into: &fields, &shape) else { return .malformed(offset: offset) }
    }
    let rest = JSONGrammar.skipSpace(line, from: offset)
    guard rest == line.count else { return .malformed(offset: rest) }
    if let shape, offset == line.count { remember(shape) }
    return .object
  }

  private mutating func remember(_ shape: LineShape) {
    guard !shape.slots.isEmpty, shape.slots.count <= LineShape.maximumSlots else { return }
    shapes.insert(shape, at: 0)
    if shapes.count > JSONLineScanner.maximumShapes { shapes.removeLast() }
  }

  /// Reads the members up to and with the closing brace; `offset` is then behind it, or, where this gives false, at
  /// the first thing that is not what it should be.
  private func members(
    _ line: PaddedBytes, from offset: inout Int, into fields: inout FieldTable, _ shape: inout LineShape?
  ) -> Bool {
    var lastEnd = 1
    while true {
      guard offset < line.count, line[offset] == 0x22,
        let key = JSONGrammar.string(line, from: offset + 1, octal: false)
      else { return false }
      let keyStart = offset
      offset = JSONGrammar.skipSpace(line, from: key.quote + 1)
      guard offset < line.count, line[offset] == UInt8(ascii: ":") else { return false }
      offset = JSONGrammar.skipSpace(line, from: offset + 1)
      guard offset < line.count, let value = memberValue(line, from: offset) else { return false }
      let name = line.slice(keyStart + 1..<key.quote)
      let field = key.hasEscape ? nil : field(named: name)
      if let field { fields.set(field, value.slice) }
      let isTight = keyStart == lastEnd && key.quote + 2 == offset && !key.hasEscape
      if isTight, shape.map({ $0.slots.count < LineShape.maximumSlots }) ?? false {
        shape?.append(key: name.copy, field: field)
      } else {
        shape = nil
      }
      offset = JSONGrammar.skipSpace(line, from: value.end)
      guard offset < line.count else { return false }
      if offset != value.end { shape = nil }
      if line[offset] == UInt8(ascii: "}") {
        offset += 1
        return true
      }
      guard line[offset] == UInt8(ascii: ",") else { return false }
      lastEnd = offset + 1
      offset = JSONGrammar.skipSpace(line, from: lastEnd)
    }
  }

  private func field(named name: PaddedBytes) -> Field? {
    name.withSpan { key in names?.field(forKey: key) ?? FieldNames.field(forKey: key) }
  }

  private func memberValue(_ line: PaddedBytes, from start: Int) -> (slice: FieldSlice, end: Int)? {
    switch line[start] {
    case 0x22:
      guard let text = JSONGrammar.string(line, from: start + 1, octal: acceptsOctalEscapes) else {
        return nil
      }
      let kind: FieldSlice.Kind = text.hasEscape ? .escapedText : .text
      return (FieldSlice(start: start + 1, count: text.quote - start - 1, kind: kind), text.quote + 1)
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "t"), UInt8(ascii: "f"):
      guard let end = JSONGrammar.value(line, from: start) else { return nil }
      return (FieldSlice(start: start, count: end - start, kind: .other), end)
    case UInt8(ascii: "n"):
      guard let end = JSONGrammar.literal(line, from: start) else { return nil }
      return (FieldSlice(start: start, count: end - start, kind: .null), end)
    default:
      guard let end = JSONGrammar.number(line, from: start) else { return nil }
      return (FieldSlice(start: start, count: end - start, kind: .number), end)
    }
  }
}
