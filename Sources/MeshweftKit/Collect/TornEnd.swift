internal import AccessLog

/// What stands behind the last line feed of a log: half a line, a whole one that lacks its end, or the kubelet's own words.
///
/// Safe: bytes that are added are read within the call, and not kept.
struct TornEnd: Equatable {
  private static let keptBytes = 512
  /// Its first bytes.
  private(set) var head: [UInt8] = []
  private(set) var count = 0
  private var sum: UInt64 = 0

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    count += bytes.count
    for place in bytes.indices {
      let byte = unsafe bytes[place]
      if head.count < TornEnd.keptBytes { head.append(byte) }
      sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
  }

  /// Lines have the kubelet's time before them; what has none is what the kubelet itself says.
  var kubeletsWords: String? {
    guard let first = head.first, !(0x30...0x39).contains(first), !head.allSatisfy({ $0 <= 0x20 }) else {
      return nil
    }
    return String(decoding: head, as: UTF8.self)
  }
}
