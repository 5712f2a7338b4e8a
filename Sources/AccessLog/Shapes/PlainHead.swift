/// The fast path past the envelopes: a line that is an access log by its first key.
///
/// Valid because of a line that begins with a brace and a key that only access logs have, `EnvelopeStripper` looks at no
/// more than that, and gives the whole line. It applies while no envelope's identity is in force, which such a line
/// would end. 60 instructions instead of 300.
enum PlainHead {
  /// Whether a line is one; `keys` is `KeyTable.standard`.
  @inline(__always)
  static func isAt(_ line: PaddedBytes, _ keys: KeyTable) -> Bool {
    guard line.count > 2, line[0] == UInt8(ascii: "{"), line[1] == UInt8(ascii: "\"") else { return false }
    let end = 2 + line.plainRun32(2)
    guard end < line.count, line[end] == UInt8(ascii: "\"") else { return false }
    let key = line.slice(2..<end)
    guard let field = keys.field(key, hash: KeyTable.hash(key)) else { return false }
    return !FieldNames.isIdentity(field)
  }
}
