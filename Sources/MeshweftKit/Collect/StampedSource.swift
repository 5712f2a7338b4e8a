internal import AccessLog

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What `kubectl logs --timestamps` prints, and the time before its last whole line: where reading goes on if it breaks off.
final class StampedSource: ByteSource {
  private static let stampBytes = 40
  /// `2026-11-23T02:00:00`: times of one node, whose zone is one, are in the order of their bytes.
  private static let comparedBytes = 19
  private let reader: ByteReader
  /// Times that go back are looked for.
  private let watchesTime: Bool
  private var stamp: [UInt8] = []
  /// The greatest time of a line that was seen, where they are looked for.
  private var greatest: [UInt8] = []
  private(set) var tornEnd = TornEnd()
  /// A time was older than one before it, by more than lines are that come at once.
  private(set) var hasJumped = false
  /// The last line had no line feed.
  var isTorn: Bool { tornEnd.count > 0 }

  init(_ reader: ByteReader, watchesTime: Bool) {
    self.reader = reader
    self.watchesTime = watchesTime
  }

  /// Microseconds since the epoch; nil before the first line.
  var lastTime: Int64? { StampedSource.time(stamp) }

  private static func time(_ stamp: [UInt8]) -> Int64? {
    let digits = stamp.prefix { $0 != UInt8(ascii: " ") }
    return PaddedBytes.withCopy(of: Array(digits), Timestamp.parse)?.microseconds
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32) throws(InputError)
    -> ByteReader.Read
  {
    let read = try unsafe reader.read(into: buffer, waiting: milliseconds)
    // Safe: the bytes were written just now, and are not kept.
    if case .bytes(let count) = read { unsafe look(at: UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
    return read
  }

  private func look(at bytes: UnsafeRawBufferPointer) {
    guard let end = unsafe bytes.lastIndex(of: 0x0A) else { return unsafe tornEnd.add(bytes) }
    if let start = unsafe bytes[..<end].lastIndex(of: 0x0A) {
      take(unsafe Array(bytes[(start + 1)..<end].prefix(StampedSource.stampBytes)))
    } else {
      take(
        unsafe Array(
          (tornEnd.head.prefix(StampedSource.stampBytes) + bytes[..<end].prefix(StampedSource.stampBytes))
            .prefix(
              StampedSource.stampBytes)))
    }
    if watchesTime { unsafe watch(UnsafeRawBufferPointer(rebasing: bytes[..<end])) }
    tornEnd = TornEnd()
    unsafe tornEnd.add(UnsafeRawBufferPointer(rebasing: bytes[(end + 1)...]))
  }

  /// A line without a time has none to go on from.
  private func take(_ head: [UInt8]) { if FedInput.textStart(head.span) != nil { stamp = head } }

  /// Compares the time of each line that begins in `bytes` with the greatest before it.
  private func watch(_ bytes: UnsafeRawBufferPointer) {
    var start = tornEnd.count == 0 ? 0 : unsafe StampedSource.next(bytes, 0)
    while start + StampedSource.comparedBytes <= bytes.count {
      let line = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<start + StampedSource.comparedBytes])
      let isTime = unsafe (0x30...0x39).contains(line[0])
      let order = !isTime ? 0 : greatest.isEmpty ? 1 : unsafe StampedSource.order(line, greatest)
      if order > 0 { greatest = unsafe Array(line) } else if order < 0 { unsafe compare(line) }
      start = unsafe StampedSource.next(bytes, start)
    }
  }

  private func compare(_ line: UnsafeRawBufferPointer) {
    let zone = Array("Z".utf8)
    guard let time = unsafe StampedSource.time(Array(line) + zone),
      let before = StampedSource.time(greatest + zone)
    else { return }
    if time < before - CollectLimits.overlap { hasJumped = true }
  }

  /// Where the next line begins; the end where there is none.
  private static func next(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
    guard start < bytes.count, let base = bytes.baseAddress else { return bytes.count }
    // Safe: memchr(3) looks at no more bytes than there are from `start` on.
    guard let found = unsafe memchr(base + start, 0x0A, bytes.count - start) else { return bytes.count }
    return unsafe UnsafeRawPointer(found) - base + 1
  }

  private static func order(_ line: UnsafeRawBufferPointer, _ other: [UInt8]) -> Int32 {
    // Safe: both have so many bytes.
    unsafe other.withUnsafeBytes { other in
      guard let one = line.baseAddress, let two = other.baseAddress else { return 0 }
      return unsafe memcmp(one, two, min(line.count, other.count))
    }
  }
}
