internal import AccessLog

/// What `kubectl logs --timestamps` prints, and the time before its last whole line: where reading goes on if it breaks off.
final class StampedSource: ByteSource {
  private static let stampBytes = 40
  private let reader: ByteReader
  /// How the line at hand begins.
  private var head: [UInt8] = []
  private var stamp: [UInt8] = []
  private(set) var hasBytes = false
  /// The last line had no line feed.
  var isTorn: Bool { !head.isEmpty }

  init(_ reader: ByteReader) { self.reader = reader }

  /// Microseconds since the epoch; nil before the first line.
  var lastTime: Int64? {
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
    hasBytes = true
    guard let end = unsafe bytes.lastIndex(of: 0x0A) else {
      unsafe head += bytes.prefix(max(0, StampedSource.stampBytes - head.count))
      return
    }
    if let start = unsafe bytes[..<end].lastIndex(of: 0x0A) {
      stamp = unsafe Array(bytes[(start + 1)..<end].prefix(StampedSource.stampBytes))
    } else {
      stamp = unsafe Array(
        (head + bytes[..<end].prefix(StampedSource.stampBytes)).prefix(StampedSource.stampBytes))
    }
    head = unsafe Array(bytes[(end + 1)...].prefix(StampedSource.stampBytes))
  }
}
