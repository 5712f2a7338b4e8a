internal import AccessLog

extension SHA256 {
  /// The digest in base64, as a policy's `'sha256-…'` wants it.
  static func base64(_ message: [UInt8]) -> String { base64(digest: bytes(message)) }

  /// The 32 bytes of the digest.
  static func bytes(_ message: [UInt8]) -> [UInt8] {
    digest(message).flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
  }

  private static func base64(digest: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: digest.count, by: 3) {
      let part = digest[start..<min(start + 3, digest.count)]
      let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
      for place in 0...part.count { text.append(letters[bits >> (18 - 6 * place) & 63]) }
      text += String(repeating: "=", count: 3 - part.count)
    }
    return text
  }
}
