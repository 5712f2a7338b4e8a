/// An input's text, out of whatever it is packed in: one log, or the members of a tar one after the other.
final class InputDecoder {
  enum Read {
    /// So many bytes of the log at hand were written.
    case bytes(Int)
    case idle
    /// Another log begins: a member of a tar, by its path.
    case member(String)
    case end
  }

  private let path: String
  private var peeked: PeekedSource
  private var text: (any ByteSource)?
  private var tar: TarReader?
  /// Packings within packings: a tar in a gz in a zst is three.
  private var depth = 0
  private static let maximumDepth = 4

  /// `path` is for people.
  init(_ reader: any ByteSource, path: String) {
    self.path = path
    peeked = PeekedSource(reader)
  }

  /// Text that is in nothing.
  init(plain reader: any ByteSource) {
    path = ""
    peeked = PeekedSource(reader)
    text = reader
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32) throws(InputError)
    -> Read
  {
    guard try decide(waiting: milliseconds) else { return .idle }
    if let text {
      // Safe: the buffer is handed on for the time of the call.
      switch try unsafe text.read(into: buffer, waiting: milliseconds) {
      case .bytes(let count): return .bytes(count)
      case .idle: return .idle
      case .end:
        guard tar != nil else { return .end }
        self.text = nil
      }
    }
    return try nextMember(waiting: milliseconds)
  }

  private func nextMember(waiting milliseconds: Int32) throws(InputError) -> Read {
    guard let tar else { return .end }
    switch try tar.next(waiting: milliseconds) {
    case .idle: return .idle
    case .end: return .end
    case .member(let name):
      peeked = PeekedSource(tar)
      depth = 1
      return .member(name)
    }
  }

  /// Finds out what the log at hand is packed in; false while a stream has not sent enough to tell.
  private func decide(waiting milliseconds: Int32) throws(InputError) -> Bool {
    while text == nil, tar == nil || depth > 0 {
      guard try peeked.peek(waiting: milliseconds) else { return false }
      depth += 1
      switch Packing(peeked.head) {
      case .gzip: unpack(GzSource(peeked, path: path))
      case .packed(let tool): unpack(try Decompressor(tool, peeked, path: path))
      case .utf16(let isBigEndian): unpack(UTF16Source(peeked, isBigEndian: isBigEndian))
      case .zip: throw .zipArchive(path: path)
      case .tar where tar == nil:
        tar = TarReader(peeked, path: path)
        depth = 0
      case .plain, .tar:
        text = peeked
        depth = 0
      }
      if depth > InputDecoder.maximumDepth {
        text = peeked
        depth = 0
      }
    }
    return true
  }

  private func unpack(_ source: any ByteSource) { peeked = PeekedSource(source) }
}
