internal import AccessLog

/// Room for one identifier's bytes while a row is bound.
@safe
struct IdentifierSpace {
  private static let bytes = 40
  private let space: UnsafeMutableRawBufferPointer

  init() { unsafe space = .allocate(byteCount: IdentifierSpace.bytes, alignment: 8) }

  func deallocate() { unsafe space.deallocate() }

  /// The 128 bits in network order; valid until the next call.
  @inline(__always)
  func blob(_ reference: IdentifierRef) -> UnsafeRawBufferPointer {
    unsafe space.storeBytes(of: reference.high.bigEndian, as: UInt64.self)
    unsafe space.storeBytes(of: reference.low.bigEndian, toByteOffset: 8, as: UInt64.self)
    return unsafe UnsafeRawBufferPointer(rebasing: space[..<16])
  }

  /// The id as it was written; valid until the next call.
  func text(_ reference: IdentifierRef) -> UnsafeRawBufferPointer {
    let text = IdentifierText.format(
      high: reference.high, low: reference.low, dashes: reference.form == .uuid)
    unsafe space.copyBytes(from: text)
    return unsafe UnsafeRawBufferPointer(rebasing: space[..<text.count])
  }
}

/// Room for the identifiers of a group of rows that are bound together.
final class IdentifierScratch {
  struct Row {
    let request = IdentifierSpace()
    let trace = IdentifierSpace()
  }
  let spaces: [Row] = (0..<StoreLimits.groupRows).map { _ in Row() }

  deinit {
    for space in spaces {
      space.request.deallocate()
      space.trace.deallocate()
    }
  }
}

/// 128 bits as 32 lower-case hex digits, with a UUID's dashes or without, and back.
enum IdentifierText {
  private static let digits = Array("0123456789abcdef".utf8)
  private static let dashPositions = [8, 13, 18, 23]

  static func format(high: UInt64, low: UInt64, dashes: Bool) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for index in 0..<32 {
      if dashes && dashPositions.contains(text.count) { text.append(UInt8(ascii: "-")) }
      let word = index < 16 ? high : low
      text.append(digits[Int(word >> UInt64(60 - index % 16 * 4) & 15)])
    }
    return text
  }

  /// - Returns: nil unless it is 32 lower-case hex digits, or a lower-case UUID.
  static func parse(_ text: some Collection<UInt8>) -> (high: UInt64, low: UInt64)? {
    guard text.count == 32 || text.count == 36 else { return nil }
    var words: (UInt64, UInt64) = (0, 0)
    for (position, byte) in text.enumerated() {
      if text.count == 36 && dashPositions.contains(position) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = hexDigit(byte) else { return nil }
      words = (words.0 << 4 | words.1 >> 60, words.1 << 4 | digit)
    }
    return words
  }

  static func hexDigit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    default: nil
    }
  }
}

/// Stretches of time that got new hops and wait for correlation.
struct DirtyRanges {
  /// `hop`: the key where it is the time of one hop alone.
  private(set) var ranges: [(first: Int64, last: Int64, hop: Int64?)] = []
  /// Microseconds without a hop at which a range ends.
  let gap: Int64

  init(gap: Int64 = StoreLimits.pendingGapMilliseconds * 1000) { self.gap = gap }

  /// Adds a hop; they come in about the order of their starts. Microseconds.
  @inline(__always)
  mutating func add(start: Int64, end: Int64, key: Int64?) {
    if let last = ranges.last, start <= last.last + gap, end >= last.first - gap {
      ranges[ranges.count - 1] = (min(last.first, start), max(last.last, end), nil)
    } else {
      ranges.append((start, end, key))
    }
  }
}
