/// Three words that name a thing: a connection's addresses, a request id and its service.
struct FlatKey: Equatable {
  var a: UInt64
  var b: UInt64
  var c: UInt64

  init(_ a: UInt64, _ b: UInt64, _ c: UInt64) {
    self.a = a
    self.b = b
    self.c = c
  }

  /// Two 32-bit indices in one word; -1 stays distinct from every index.
  static func pack(_ high: Int32, _ low: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: high)) << 32 | UInt64(UInt32(bitPattern: low))
  }
}
