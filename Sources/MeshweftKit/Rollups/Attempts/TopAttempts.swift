internal import Correlation

/// The attempts of a group and bucket that rank highest: where a search for slow traces begins, instead of reading
/// every hop. Kept in the rollup's own rows, it costs two short blobs per row and no row or index of its own.
struct TopAttempts: Sendable {
  /// How many are kept. Where a search asks for more than are known, it reads the hops (`SlowAttempts`).
  static let capacity = 8

  /// By what they rank.
  enum Rank: Sendable { case slowest, costliest }

  /// The key of the attempt's client hop, of the server's where there is none; and microseconds.
  struct Entry: Sendable, Equatable {
    var hop: Int64
    var microseconds: Int64
  }

  /// Most first; equals by hop, so that the order in which attempts come does not matter.
  private(set) var entries: [Entry] = []

  mutating func add(_ hop: Int64, _ microseconds: Int64) {
    if entries.count == TopAttempts.capacity, let last = entries.last {
      guard TopAttempts.precedes(hop, microseconds, last) else { return }
      entries.removeLast()
    }
    let place = entries.firstIndex { TopAttempts.precedes(hop, microseconds, $0) } ?? entries.count
    entries.insert(Entry(hop: hop, microseconds: microseconds), at: place)
  }

  @inline(__always)
  private static func precedes(_ hop: Int64, _ microseconds: Int64, _ other: Entry) -> Bool {
    microseconds == other.microseconds ? hop < other.hop : microseconds > other.microseconds
  }
}

extension TopAttempts {
  /// As a rollup's row keeps them: hop and microseconds, eight bytes each, little-endian.
  var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16 * entries.count)
    for entry in entries {
      for value in [entry.hop, entry.microseconds] {
        for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> Int64(byte * 8))) }
      }
    }
    return bytes
  }

  static func entries(_ bytes: Span<UInt8>) -> [Entry] {
    var entries: [Entry] = []
    var place = 0
    while place + 16 <= bytes.count {
      entries.append(Entry(hop: value(bytes, place), microseconds: value(bytes, place + 8)))
      place += 16
    }
    return entries
  }

  private static func value(_ bytes: Span<UInt8>, _ place: Int) -> Int64 {
    var value: UInt64 = 0
    for byte in 0..<8 { value |= UInt64(bytes[place + byte]) << UInt64(byte * 8) }
    return Int64(bitPattern: value)
  }
}
