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

  private var shapes = KnownShapes()
  /// The keys of the line at hand.
  private var order = KeyOrder()
  private let keys: KeyTable
  /// Accept `\377` in strings (see `JSONGrammar.StringEnd`) and numbers that are missing; the strict scanner refuses both.
  private let acceptsOctalEscapes: Bool
  /// The line that was scanned in full last has an object beside its fields that may name its writer.
  private(set) var foundWriter = false
  /// Lines that went through the full scanner, for benchmarks and tests.
  package private(set) var fullScans = 0

  package init(names: FieldMap? = nil, acceptsOctalEscapes: Bool = false) {
    keys = names.map { KeyTable($0) } ?? KeyTable.standard
    self.acceptsOctalEscapes = acceptsOctalEscapes
  }

  /// The key sequences of the last good lines, newest first, each key as `"key":`.
  package var keyOrders: [[[UInt8]]] { shapes.keyOrders }

  /// Fills `fields`, which the caller has reset.
  package mutating func scan(_ line: PaddedBytes, into fields: inout FieldTable) -> Outcome {
    shapes.scan(line, into: &fields) ? .object : fullScan(line, into: &fields)
  }

  /// Whether `line` has the shape of one of the last lines with a plain head (`PlainHead`); then `fields`, which the caller
  /// has reset, are filled.
  @inline(__always)
  mutating func predict(_ line: PaddedBytes, into fields: inout FieldTable) -> Bool {
    shapes.scan(line, plainHead: true, into: &fields)
  }

  /// Reads a line whose shape no line before it had, as `predict` has found, into `fields`.
  mutating func fullScan(_ line: PaddedBytes, into fields: inout FieldTable) -> Outcome {
    fullScans &+= 1
    foundWriter = false
    var offset = JSONGrammar.skipSpace(line, from: 0)
    guard offset < line.count else { return .malformed(offset: offset) }
    guard line[offset] == UInt8(ascii: "{") else {
      guard let end = JSONGrammar.value(line, from: offset) else { return .malformed(offset: offset) }
      let rest = JSONGrammar.skipSpace(line, from: end)
      return rest == line.count ? .notObject : .malformed(offset: rest)
    }
    order.begin(isTight: offset == 0)
    offset = JSONGrammar.skipSpace(line, from: offset + 1)
    if offset < line.count && line[offset] == UInt8(ascii: "}") {
      offset += 1
    } else {
      guard members(line, from: &offset, into: &fields) else { return .malformed(offset: offset) }
    }
    let rest = JSONGrammar.skipSpace(line, from: offset)
    guard rest == line.count else { return .malformed(offset: rest) }
    if offset == line.count { shapes.remember(&order, of: line) }
    return .object
  }

  /// Reads the members up to and with the closing brace; `offset` is then behind it, or, where this gives false, at
  /// the first thing that is not what it should be.
  private mutating func members(
    _ line: PaddedBytes, from offset: inout Int, into fields: inout FieldTable
  ) -> Bool {
    var isASCII = true
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
      let field = note(line, keyStart, key, valueStart: offset, isTight: keyStart == lastEnd)
      if let field {
        fields.set(field, value.slice)
      } else if value.slice.kind == .other {
        noteWriter(line, keyStart + 1..<key.quote, offset)
      }
      order.note(value.slice.kind)
      isASCII = isASCII && !value.hasNonASCII
      offset = JSONGrammar.skipSpace(line, from: value.end)
      guard offset < line.count else { return false }
      if offset != value.end { order.loosen() }
      if line[offset] == UInt8(ascii: "}") {
        offset += 1
        fields.isASCII = isASCII
        return true
      }
      guard line[offset] == UInt8(ascii: ",") else { return false }
      lastEnd = offset + 1
      offset = JSONGrammar.skipSpace(line, from: lastEnd)
    }
  }

  /// Notes a key for the line's shape; the field that it names, or nil.
  @inline(__always)
  private mutating func note(
    _ line: PaddedBytes, _ start: Int, _ key: JSONGrammar.StringEnd, valueStart: Int, isTight: Bool
  ) -> Field? {
    guard !key.hasEscape else {
      order.loosen()
      return nil
    }
    let name = line.slice(start + 1..<key.quote)
    let hash = KeyTable.hash(name)
    let field = keys.field(name, hash: hash)
    if isTight, key.quote + 2 == valueStart {
      order.append(
        KeyOrder.Key(
          start: Int32(truncatingIfNeeded: start &- 1),
          count: Int32(truncatingIfNeeded: valueStart &- start &+ 1),
          field: field), hash: hash)
    } else {
      order.loosen()
    }
    return field
  }

  @inline(never)
  private mutating func noteWriter(_ line: PaddedBytes, _ key: Range<Int>, _ value: Int) {
    guard line[value] == UInt8(ascii: "{") else { return }
    let meaning = line.withSpan { EnvelopeKeys.meaning($0.extracting(key)) }
    if case .names? = meaning { foundWriter = true }
  }

  private struct Value {
    var slice: FieldSlice
    var end: Int
    /// Some byte may be beyond ASCII.
    var hasNonASCII = false
  }

  @inline(__always)
  private func memberValue(_ line: PaddedBytes, from start: Int) -> Value? {
    switch line[start] {
    case 0x22:
      guard let text = JSONGrammar.string(line, from: start + 1, octal: acceptsOctalEscapes) else {
        return nil
      }
      let kind: FieldSlice.Kind = text.hasEscape ? .escapedText : .text
      return Value(
        slice: FieldSlice(start: start + 1, count: text.quote - start - 1, kind: kind), end: text.quote + 1,
        hasNonASCII: text.hasNonASCII)
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "t"), UInt8(ascii: "f"):
      guard let end = JSONGrammar.value(line, from: start) else { return nil }
      return Value(
        slice: FieldSlice(start: start, count: end - start, kind: .other), end: end, hasNonASCII: true)
    case UInt8(ascii: "n"):
      guard let end = JSONGrammar.literal(line, from: start) else { return nil }
      return Value(slice: FieldSlice(start: start, count: end - start, kind: .null), end: end)
    default:
      guard let end = JSONGrammar.number(line, from: start) else { return missing(line, from: start) }
      return Value(slice: FieldSlice(start: start, count: end - start, kind: .number), end: end)
    }
  }

  /// A bare `-`, or nothing at all: what a text template leaves of a number that is missing.
  @inline(never)
  private func missing(_ line: PaddedBytes, from start: Int) -> Value? {
    guard acceptsOctalEscapes else { return nil }
    let end = line[start] == UInt8(ascii: "-") ? start + 1 : start
    let next = JSONGrammar.skipSpace(line, from: end)
    guard next < line.count, line[next] == UInt8(ascii: ",") || line[next] == UInt8(ascii: "}") else {
      return nil
    }
    return Value(slice: FieldSlice(start: start, count: end - start, kind: .null), end: end)
  }
}
