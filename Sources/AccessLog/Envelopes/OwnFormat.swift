/// The user's own text format, for whoever takes envelopes off: an access log may begin wherever the rest of a line has it.
///
/// A class, so that those who hold it hand on a reference and not the format.
final class OwnFormat: Sendable {
  private let format: TextFormat

  init(_ format: TextFormat) { self.format = format }

  /// Whether the text from `start` to `end` has the format.
  func isAt(_ line: Span<UInt8>, _ start: Int, end: Int) -> Bool {
    start < end && end <= line.count && format.fits(line.extracting(start..<end))
  }

  /// Whether it begins so that nothing of it can be taken for something else: with text, not with a value.
  var beginsWithText: Bool { !format.head.isEmpty }

  /// Whether one of a JSON string's lines has it, perhaps behind a prefix. `text` is the string's inside.
  func isWithin(_ text: Span<UInt8>) -> Bool {
    var decoded: [UInt8] = []
    JSONString.unescape(text, 0..<text.count, into: &decoded)
    return decoded.split(separator: 0x0A).contains { line in
      let line = line.last == 0x0D ? Array(line.dropLast()) : Array(line)
      return PlainPrefix(line.span, own: self).isOwn
    }
  }
}
