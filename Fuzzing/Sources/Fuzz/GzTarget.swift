internal import CZlib
internal import Framing

/// gz framing: what comes out does not depend on how it goes in, and is what zlib makes of the members by itself.
enum GzTarget {
  /// Plain bytes at which an input is a bomb.
  private static let limit = 1 << 15

  static func run(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let packed = [0x1F, 0x8B] + input.dropFirst()
    let whole = Gunzip.run(packed, inputStep: 1 << 17, outputStep: 1 << 12, limit: limit)
    guard whole.plain.count < limit else { return }
    let pieces = Gunzip.run(
      packed, inputStep: Int(first) % 31 + 1, outputStep: Int(first) * 7 + 1, limit: limit)
    Fuzz.require(
      whole.plain == pieces.plain && whole.end == pieces.end,
      "pieces give \(pieces.end), the whole \(whole.end)")
    let oracle = members(packed)
    Fuzz.require(
      oracle.plain == whole.plain, "zlib gives \(oracle.plain.count) bytes, we \(whole.plain.count)")
    Fuzz.require(oracle.end == whole.end, "zlib ends \(oracle.end), we \(whole.end)")
  }

  /// One `inflate` per member over the whole rest; zero padding between members is passed over.
  private static func members(_ packed: [UInt8]) -> (plain: [UInt8], end: Gunzip.End) {
    var (plain, offset): ([UInt8], Int) = ([], 0)
    while offset < packed.count {
      let (part, used, status) = member(Array(packed[offset...]))
      plain += part
      offset += used
      guard status == Z_STREAM_END else {
        return (plain, status == Z_DATA_ERROR || status == Z_NEED_DICT ? .corrupt : .truncated)
      }
      while offset < packed.count, packed[offset] == 0 { offset += 1 }
      if offset < packed.count, packed[offset] != 0x1F { return (plain, .corrupt) }
    }
    return (plain, .whole)
  }

  private static func member(_ packed: [UInt8]) -> (plain: [UInt8], used: Int, status: Int32) {
    var stream = unsafe z_stream()
    unsafe _ = inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { unsafe _ = inflateEnd(&stream) }
    var (input, plain) = (packed, [UInt8](repeating: 0, count: limit + 1))
    let status = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe plain.withUnsafeMutableBufferPointer { plain in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = plain.baseAddress
        unsafe stream.avail_out = UInt32(plain.count)
        return unsafe inflate(&stream, Z_SYNC_FLUSH)
      }
    }
    return unsafe (Array(plain.prefix(Int(stream.total_out))), Int(stream.total_in), status)
  }
}
