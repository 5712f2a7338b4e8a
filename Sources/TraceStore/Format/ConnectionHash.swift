package import AccessLog

/// Names TCP connections in rollups, by a number that holds for one database.
package struct ConnectionHash: Sendable {
  /// nil in databases that were made before schema 6, whose rollups have numbers that anybody can compute.
  private let keyed: MultilinearHash?

  /// For whoever compares connections and stores none.
  package static let ofProcess = ConnectionHash(.ofProcess)

  package init(_ secret: HashSecret) {
    keyed = secret.lines != .open ? secret.words(3, for: .connections) : nil
  }

  /// Of a connection's ends, and of its start where a proxy's line tells that. Never 0.
  package func key(_ one: Int64, _ other: Int64, _ start: Int64 = 0) -> UInt64 {
    guard let keyed else { return ConnectionHash.open(one, other, start) }
    return max(
      1,
      keyed.finish(
        keyed.part(0, UInt64(bitPattern: one)) &+ keyed.part(1, UInt64(bitPattern: other))
          &+ keyed.part(2, UInt64(bitPattern: start))))
  }

  private static func open(_ one: Int64, _ other: Int64, _ start: Int64) -> UInt64 {
    var key = UInt64(bitPattern: one) &* 0x9E37_79B9_7F4A_7C15
    key = (key ^ key >> 32 ^ UInt64(bitPattern: other)) &* 0xD6E8_FEB8_6659_FD93
    key = (key ^ key >> 32 ^ UInt64(bitPattern: start)) &* 0xD6E8_FEB8_6659_FD93
    return max(1, key ^ key >> 32)
  }
}
