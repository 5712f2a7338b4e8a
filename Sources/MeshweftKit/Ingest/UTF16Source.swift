/// UTF-16 as UTF-8: what Windows PowerShell 5 writes of `kubectl logs > x.log`.
final class UTF16Source: ByteSource {
  private let source: any ByteSource
  private let isBigEndian: Bool
  private var raw = [UInt8](repeating: 0, count: UTF16Source.blockBytes)
  private var rawCount = 0
  /// The first half of a pair.
  private var high: UInt32?
  private static let blockBytes = 1 << 15

  init(_ source: any ByteSource, isBigEndian: Bool) {
    self.source = source
    self.isBigEndian = isBigEndian
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32) throws(InputError)
    -> ByteReader.Read
  {
    while true {
      // A unit gives three bytes at most, a pair four.
      let room = min(UTF16Source.blockBytes, max(2, buffer.count / 3 * 2 - 4))
      var read = ByteReader.Read.end
      do {
        let start = rawCount
        read = try unsafe raw.withUnsafeMutableBytes {
          try unsafe source.read(
            into: UnsafeMutableRawBufferPointer(rebasing: $0[start..<room]), waiting: milliseconds)
        }
      } catch let error as InputError { throw error } catch { return .end }
      guard case .bytes(let count) = read else { return read }
      rawCount += count
      let written = unsafe decode(into: buffer)
      if written > 0 { return .bytes(written) }
    }
  }

  private func decode(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var written = 0
    var index = 0
    while index + 1 < rawCount {
      let unit = UInt32(raw[index]) << (isBigEndian ? 8 : 0) | UInt32(raw[index + 1]) << (isBigEndian ? 0 : 8)
      index += 2
      for byte in utf8(unit) {
        // Safe: `room` leaves three bytes for each unit that was read, and six more for half a pair from before.
        unsafe buffer[written] = byte
        written += 1
      }
    }
    if index < rawCount { raw[0] = raw[index] }
    rawCount -= index
    return written
  }

  /// A lone half of a pair is U+FFFD; a mark at the beginning stays, and is taken off as one in UTF-8 is.
  private func utf8(_ unit: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    if let first = high {
      high = nil
      if (0xDC00...0xDFFF).contains(unit),
        let pair = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00))
      {
        return Array(String(Character(pair)).utf8)
      }
      bytes = [0xEF, 0xBF, 0xBD]
    }
    if (0xD800...0xDBFF).contains(unit) {
      high = unit
      return bytes
    }
    if unit < 0x80 { return bytes + [UInt8(unit)] }
    let scalar = Unicode.Scalar(unit) ?? "\u{FFFD}"
    return bytes + Array(String(Character(scalar)).utf8)
  }
}
