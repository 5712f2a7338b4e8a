/// Writes JSON, keys in the order in which they are given.
///
/// What could move a terminal's cursor or hide text (controls, bidi and other format characters, line separators)
/// is written as `\u` escapes: a reader gets the same string back, a terminal or an inline script gets nothing.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  /// Whether the next value needs a comma before it, per open container.
  private var needsComma: [Bool] = [false]

  init() {}

  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = [false]
  }

  mutating func newline() {
    bytes.append(0x0A)
    needsComma = [false]
  }

  mutating func object(_ body: (inout JSONWriter) -> Void) {
    container(open: UInt8(ascii: "{"), close: UInt8(ascii: "}"), body)
  }

  mutating func array(_ body: (inout JSONWriter) -> Void) {
    container(open: UInt8(ascii: "["), close: UInt8(ascii: "]"), body)
  }

  mutating func array<Element>(_ elements: [Element], _ body: (inout JSONWriter, Element) -> Void) {
    array { writer in for element in elements { body(&writer, element) } }
  }

  private mutating func container(open: UInt8, close: UInt8, _ body: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(open)
    needsComma.append(false)
    body(&self)
    needsComma.removeLast()
    bytes.append(close)
  }

  mutating func key(_ name: String) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma[needsComma.count - 1] = false
  }

  mutating func member(_ name: String, _ value: String?) {
    key(name)
    if let value { string(value) } else { null() }
  }

  mutating func member(_ name: String, _ value: Int64?) {
    key(name)
    if let value { integer(value) } else { null() }
  }

  mutating func member(_ name: String, _ value: Int) { member(name, Int64(value)) }

  mutating func member(_ name: String, _ value: Double?, digits: Int) {
    key(name)
    if let value { number(value, digits: digits) } else { null() }
  }

  mutating func member(_ name: String, _ values: [String]) {
    key(name)
    array(values) { $0.string($1) }
  }

  mutating func member(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(name)
    object(body)
  }

  mutating func string(_ value: String) {
    separate()
    quote(value)
  }

  mutating func integer(_ value: Int64) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// A number with at most so many digits behind the point, without trailing zeros; not finite becomes null.
  mutating func number(_ value: Double, digits: Int) {
    separate()
    Decimals.append(value, digits: digits, to: &bytes)
  }

  mutating func boolean(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  private mutating func separate() {
    let last = needsComma.count - 1
    if needsComma[last] { bytes.append(UInt8(ascii: ",")) }
    needsComma[last] = true
  }

  private mutating func quote(_ value: String) {
    bytes.append(0x22)
    var text = value
    let isWritten = text.withUTF8 { utf8 in
      // Safe: the bytes are only read, while `text` keeps them.
      guard unsafe utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) else {
        return false
      }
      unsafe bytes.append(contentsOf: utf8)
      return true
    }
    if !isWritten { for scalar in value.unicodeScalars { append(scalar) } }
    bytes.append(0x22)
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": bytes += [0x5C, 0x22]
    case "\\": bytes += [0x5C, 0x5C]
    case "\n": bytes += Array("\\n".utf8)
    case "\r": bytes += Array("\\r".utf8)
    case "\t": bytes += Array("\\t".utf8)
    default:
      if Shown.isHarmless(scalar) {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      } else {
        for unit in String(scalar).utf16 { bytes += Array("\\u".utf8) + JSONWriter.hex(unit) }
      }
    }
  }

  private static func hex(_ unit: UInt16) -> [UInt8] {
    [12, 8, 4, 0].map { shift in
      let nibble = UInt8(unit >> UInt16(shift) & 15)
      return nibble < 10 ? 0x30 + nibble : 0x57 + nibble
    }
  }
}
