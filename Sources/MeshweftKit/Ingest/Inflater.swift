internal import CZlib

/// A stream of gz members, one behind the other, as plain bytes. Memory is two fixed buffers, whatever it unpacks to.
///
/// zlib keeps the address of its stream and reads from ours, so both live in memory of their own.
@safe
final class Inflater {
  private let path: String
  // Safe: this object alone owns both, from `init` to `deinit`; zlib keeps the stream's address, which does not change.
  // `pending` is a range of `input`.
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  /// Bytes of `input` that hold compressed data not yet given to zlib.
  private var pending: Range<Int>
  private var isMemberOpen = true
  private var totalIn: Int64 = 0

  private static let inputBytes = 1 << 17
  /// zlib's largest window, plus 16 for gz framing with its CRC checked.
  private static let windowBits: Int32 = 15 + 16

  /// `start` is the magic bytes, already read.
  init(path: String, start: [UInt8]) {
    self.path = path
    unsafe input = .allocate(byteCount: Inflater.inputBytes, alignment: 64)
    unsafe input.copyBytes(from: start)
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    pending = 0..<start.count
    let status = unsafe inflateInit2_(
      stream, Inflater.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib has no memory for its window")
  }

  deinit {
    unsafe _ = inflateEnd(stream)
    unsafe stream.deallocate()
    unsafe input.deallocate()
  }

  /// Where the next compressed bytes go; only when `inflate` has given 0.
  func inputRoom() -> UnsafeMutableRawBufferPointer {
    pending = 0..<0
    return unsafe input
  }

  func received(_ count: Int) { pending = 0..<count }

  /// As many plain bytes as there are; 0 when more input is needed.
  func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    while !pending.isEmpty || isMemberOpen {
      if !isMemberOpen {
        guard try startsNextMember() else { return 0 }
      }
      let (written, status) = unsafe step(into: buffer)
      switch status {
      case Z_STREAM_END: isMemberOpen = false
      case Z_OK, Z_BUF_ERROR: break
      default:
        // What came before the damage counts; zlib says again that it is damaged when it is asked for more.
        if written == 0 { throw .corruptGzip(path: path, offset: totalIn) }
      }
      if written > 0 || pending.isEmpty { return written }
    }
    return 0
  }

  /// Between members: zero padding is skipped (tar and tape leave it), anything else must be a member.
  private func startsNextMember() throws(InputError) -> Bool {
    while let first = pending.first, unsafe input[first] == 0 { take(1) }
    guard let first = pending.first else { return false }
    guard unsafe input[first] == 0x1F else { throw .corruptGzip(path: path, offset: totalIn) }
    unsafe _ = inflateReset(stream)
    isMemberOpen = true
    return true
  }

  private func step(into buffer: UnsafeMutableRawBufferPointer) -> (written: Int, status: Int32) {
    let count = pending.count
    // Safe: zlib reads `avail_in` bytes and writes `avail_out` at most, and both are what is there.
    unsafe stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
      .advanced(by: pending.lowerBound)
    unsafe stream.pointee.avail_in = UInt32(count)
    unsafe stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(clamping: buffer.count)
    let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
    take(unsafe count - Int(stream.pointee.avail_in))
    return unsafe (min(buffer.count, Int(UInt32.max)) - Int(stream.pointee.avail_out), status)
  }

  private func take(_ count: Int) {
    pending = (pending.lowerBound + count)..<pending.upperBound
    totalIn += Int64(count)
  }

  /// - Throws: when the input ended inside a member.
  func finish() throws(InputError) {
    if isMemberOpen { throw .truncatedGzip(path: path, offset: totalIn) }
  }
}
