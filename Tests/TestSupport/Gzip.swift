internal import CZlib

/// gz both ways, through zlib's own one-shot calls; not the product's reader.
package enum Gzip {
  package struct Damaged: Error {}

  /// zlib's largest window, plus 16 for gz framing.
  private static let windowBits: Int32 = 15 + 16

  /// One member.
  package static func pack(_ bytes: [UInt8]) throws -> [UInt8] {
    var stream = unsafe z_stream()
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    let status = unsafe deflateInit2_(
      &stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    guard status == Z_OK else { throw Damaged() }
    defer { unsafe _ = deflateEnd(&stream) }
    var packed = [UInt8](repeating: 0, count: Int(unsafe deflateBound(&stream, UInt(bytes.count))))
    var input = bytes
    let done = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe packed.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        return unsafe deflate(&stream, Z_FINISH)
      }
    }
    guard done == Z_STREAM_END else { throw Damaged() }
    return Array(packed.prefix(Int(unsafe stream.total_out)))
  }

  /// All members of a whole file.
  package static func unpack(_ bytes: [UInt8]) throws -> [UInt8] {
    var stream = unsafe z_stream()
    guard unsafe inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw Damaged() }
    defer { unsafe _ = inflateEnd(&stream) }
    var result: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 18)
    var input = bytes
    try unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = UInt32(input.count)
      while unsafe stream.avail_in > 0 {
        let (count, status) = unsafe step(&stream, &block)
        result += block[..<count]
        guard status == Z_OK || status == Z_STREAM_END else { throw Damaged() }
        if status == Z_STREAM_END { unsafe _ = inflateReset(&stream) }
      }
    }
    return result
  }

  private static func step(_ stream: inout z_stream, _ block: inout [UInt8]) -> (count: Int, status: Int32) {
    unsafe block.withUnsafeMutableBufferPointer { output in
      unsafe stream.next_out = output.baseAddress
      unsafe stream.avail_out = UInt32(output.count)
      let status = unsafe inflate(&stream, Z_NO_FLUSH)
      return (output.count - Int(unsafe stream.avail_out), status)
    }
  }
}
