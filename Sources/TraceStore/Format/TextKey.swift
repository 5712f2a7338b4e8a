internal import AccessLog

/// What correlation needs to know of a text.
struct TextKey {
  /// Of the bytes, so that it does not depend on the order in which texts were stored; under the database's secret.
  var hash: UInt64 = 0
  /// Of the bytes up to the first `?`, each run of digits as one: `/users/17/cart?x` and `/users/4/cart` are alike. Of an
  /// address that is an IP and a port: of the IP.
  var route: UInt64 = 0
  var bytes: Int32 = -1
  /// Whether it can be an address: in brackets, or of Envoy's own kinds; `xx.xx.x.xx:80` was masked by somebody.
  var isAddress = false

  static let missing = TextKey(hash: 0, route: 0, bytes: 0)

  init(hash: UInt64, route: UInt64, bytes: Int32) {
    self.hash = hash
    self.route = route
    self.bytes = bytes
  }

  init(_ text: UnsafeRawBufferPointer, _ key: SipKey) {
    // Safe: `text` is the caller's for the time of the call, and only read, below its count; nothing points to it later.
    unsafe hash = key.hash(text)
    bytes = Int32(clamping: text.count)
    isAddress = unsafe TextKey.startsLikeAddress(text)
    if let ip = unsafe TextKey.ip(text) {
      route = key.hash(Array(ip.description.utf8))
    } else {
      route = unsafe key.hash(TextKey.folded(text))
    }
  }

  /// `[2a02:cf40::4e36]:5000`, `envoy://…`, a Unix socket.
  private static func startsLikeAddress(_ text: UnsafeRawBufferPointer) -> Bool {
    switch unsafe text.first {
    case UInt8(ascii: "["): unsafe SocketAddress(text) != nil
    case UInt8(ascii: "/"), UInt8(ascii: "@"): true
    case UInt8(ascii: "e"): unsafe text.starts(with: "envoy://".utf8)
    default: false
    }
  }

  /// Of an address in brackets, which no path is.
  private static func ip(_ text: UnsafeRawBufferPointer) -> IPAddress? {
    unsafe text.first == UInt8(ascii: "[") ? unsafe SocketAddress(text)?.ip : nil
  }

  private static func folded(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(text.count)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    for index in 0..<text.count {
      let byte = unsafe text[index]
      if byte == UInt8(ascii: "?") { break }
      let isDigit = digits.contains(byte)
      if isDigit && folded.last == UInt8(ascii: "0") { continue }
      folded.append(isDigit ? UInt8(ascii: "0") : byte)
    }
    return folded
  }
}
