internal import AccessLog

/// An input that a feed gives: one log of one container.
final class FedInput {
  /// For people.
  let name: String
  let identity: Origin<String>
  let reader: ByteReader
  /// What is read: the reader's bytes, or what the feed makes of them.
  let source: any ByteSource
  /// Whether a last line without a line feed is a whole one after all; asked at the end.
  let takesTornEnd: () -> Bool

  /// Where a line's text begins, behind the time that the feed has for it; nil where it has none.
  static func textStart(_ line: Span<UInt8>) -> Int? {
    guard line.count > 20, (0x30...0x39).contains(line[0]), line[4] == 0x2D, line[10] == 0x54,
      line[13] == 0x3A
    else { return nil }
    for place in 20..<min(line.count, 40) where line[place] == 0x20 { return place + 1 }
    return nil
  }

  init(
    name: String, identity: Origin<String>, reader: ByteReader, source: any ByteSource,
    takesTornEnd: @escaping () -> Bool = { false }
  ) {
    self.name = name
    self.identity = identity
    self.reader = reader
    self.source = source
    self.takesTornEnd = takesTornEnd
  }
}
