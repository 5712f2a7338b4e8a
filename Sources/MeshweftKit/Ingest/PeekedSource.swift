internal import Platform

/// A source whose first bytes have been looked at.
final class PeekedSource: ByteSource {
  private let source: any ByteSource
  private(set) var head: [UInt8] = []
  private var taken = 0
  private(set) var hasEnded = false

  /// What tells formats apart: a tar's magic ends at byte 263.
  static let headBytes = 512

  init(_ source: any ByteSource) { self.source = source }

  /// Reads until there is enough to tell, or no more; false where a stream has not sent it yet. A line's end is enough: what is
  /// no text has none so early.
  func peek(waiting milliseconds: Int32) throws(InputError) -> Bool {
    while head.count < PeekedSource.headBytes, !hasEnded, !isText {
      var block = [UInt8](repeating: 0, count: PeekedSource.headBytes - head.count)
      let read: ByteReader.Read
      do {
        // Safe: the block outlives the call.
        read = try unsafe block.withUnsafeMutableBytes {
          try unsafe source.read(into: $0, waiting: milliseconds)
        }
      } catch let error as InputError {
        throw error
      } catch { return true }
      switch read {
      case .idle: return false
      case .end: hasEnded = true
      case .bytes(let count): head += block[..<count]
      }
    }
    return true
  }

  private var isText: Bool {
    head.contains(0x0A) && !head.contains(0) && head.first.map { $0 < 0x80 } ?? false
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32) throws(InputError)
    -> ByteReader.Read
  {
    guard taken < head.count else {
      return hasEnded ? .end : try unsafe source.read(into: buffer, waiting: milliseconds)
    }
    let count = min(buffer.count, head.count - taken)
    // Safe: `count` is at most the buffer's room.
    unsafe buffer.copyBytes(from: head[taken..<taken + count])
    taken += count
    return .bytes(count)
  }
}
