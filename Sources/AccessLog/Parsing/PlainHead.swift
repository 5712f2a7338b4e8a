/// The fast path past the envelopes: a line that begins as the last one did that had none.
///
/// Valid because of a line that begins with a brace and a key that only access logs have, `EnvelopeStripper` looks at no
/// more than that, and gives the whole line; the same bytes up to that key's closing quote have the same outcome. It
/// applies while no envelope's identity is in force, which such a line would end. 20 instructions instead of 300.
struct PlainHead {
  /// `{"first"`, padded to 32 bytes; longer ones are not learned.
  private var text: [UInt8] = Array(repeating: 0, count: 32)
  /// One bit for each of these bytes that belongs to it; 0 before there is one.
  private var needed: UInt32 = 0

  @inline(__always)
  func isAt(_ line: PaddedBytes) -> Bool {
    guard needed != 0, line.count >= 32 else { return false }
    return unsafe text.withUnsafeBytes { text in
      guard let base = text.baseAddress else { return false }
      return unsafe line.isEqual(0, to: base, needed: needed)
    }
  }

  /// Takes a line's beginning where it is such a one.
  @inline(never)
  mutating func learn(_ line: Span<UInt8>) {
    guard line.count >= 32, line[0] == UInt8(ascii: "{"), let key = EnvelopeStripper.firstKey(line, at: 0),
      key.upperBound < 32, EnvelopeStripper.isAccessLogObject(line, at: 0)
    else { return }
    for index in 0...key.upperBound { text[index] = line[index] }
    needed = ~(~0 << UInt32(key.upperBound + 1))
  }
}
