import AccessLog
import Testing

/// The reader of lines at its limit, whatever pieces the bytes come in.
@Suite struct `A line at the limit` {
  /// Lengths of lines, -1 for one that is too long.
  private static func lengths(_ bytes: [UInt8], piece: Int) -> [Int] {
    var buffer = LineBuffer(capacity: 1 << 12)
    var lengths: [Int] = []
    var offset = 0
    func take(_ line: LineBuffer.Line) {
      if case .line(let bytes) = line { lengths.append(bytes.count) } else { lengths.append(-1) }
    }
    while offset < bytes.count {
      let count: Int = unsafe buffer.fill { space in
        let count = min(piece, space.count, bytes.count - offset)
        unsafe space.copyBytes(from: bytes[offset..<offset + count])
        return count
      }
      offset += count
      while let line = buffer.next() { take(line) }
    }
    if let line = buffer.last() { take(line) }
    return lengths
  }

  private static func line(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x61, count: count) }

  @Test(arguments: [1 << 10, 65_537, 1 << 20])
  func `is read up to the last byte that is allowed, and skipped alone beyond it`(piece: Int) {
    let limit = Limits.lineBytes
    let lines = [limit, 5, limit + 1, 6, 3 * limit, 0, limit, limit + 1]
    let bytes = Array(lines.map(Self.line).joined(separator: [0x0A]))
    #expect(Self.lengths(bytes, piece: piece) == [limit, 5, -1, 6, -1, 0, limit, -1])
  }

  @Test func `does not grow the buffer beyond four times its length`() {
    var buffer = LineBuffer(capacity: 1 << 12)
    for _ in 0..<200 {
      let room: Int = unsafe buffer.fill { space in
        unsafe space.initializeMemory(as: UInt8.self, repeating: 0x61)
        return space.count
      }
      #expect(room <= 4 * Limits.lineBytes)
      let (line, pending) = (buffer.next(), buffer.pending)
      #expect(line == nil)
      #expect(pending <= 4 * Limits.lineBytes)
    }
  }
}
