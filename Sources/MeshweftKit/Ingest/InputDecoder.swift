internal import AccessLog

/// What a file's first bytes say about how it is packed, whatever its name is.
enum Packing: Equatable {
  case plain
  case gzip
  /// Read by a program of the system's.
  case packed(Decompressor.Tool)
  case utf16(isBigEndian: Bool)
  case tar
  case zip

  init(_ head: [UInt8]) {
    self = Packing.magic.first { head.starts(with: $0.bytes) }?.packing ?? Packing.withoutMagic(head)
  }

  private static let magic: [(bytes: [UInt8], packing: Packing)] = [
    ([0x1F, 0x8B], .gzip), ([0x28, 0xB5, 0x2F, 0xFD], .packed(.zstd)),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .packed(.xz)), ([0x42, 0x5A, 0x68], .packed(.bzip2)),
    ([0x04, 0x22, 0x4D, 0x18], .packed(.lz4)), ([0x50, 0x4B, 0x03, 0x04], .zip),
    ([0x50, 0x4B, 0x05, 0x06], .zip),
    ([0xFF, 0xFE], .utf16(isBigEndian: false)), ([0xFE, 0xFF], .utf16(isBigEndian: true)),
  ]

  /// A tar's first block, and UTF-16 that lost its mark.
  private static func withoutMagic(_ head: [UInt8]) -> Packing {
    if head.count >= 262, head[257..<262].elementsEqual(Array("ustar".utf8)) { return .tar }
    guard head.count >= 4 else { return .plain }
    let isASCII = { (byte: UInt8) in byte >= 0x20 && byte < 0x7F }
    if isASCII(head[0]), head[1] == 0, isASCII(head[2]), head[3] == 0 { return .utf16(isBigEndian: false) }
    if head[0] == 0, isASCII(head[1]), head[2] == 0, isASCII(head[3]) { return .utf16(isBigEndian: true) }
    return .plain
  }
}

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

  func read(into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32) throws(InputError)
    -> Read
  {
    guard try decide(waiting: milliseconds) else { return .idle }
    if let text {
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

/// gz inside something else; what is gz itself `ByteReader` has unpacked.
final class GzSource: ByteSource {
  private let source: any ByteSource
  private let inflater: Inflater

  init(_ source: any ByteSource, path: String) {
    self.source = source
    inflater = Inflater(path: path, start: [])
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32) throws(InputError)
    -> ByteReader.Read
  {
    while true {
      let count = try unsafe inflater.inflate(into: buffer)
      if count > 0 { return .bytes(count) }
      let room = unsafe inflater.inputRoom()
      switch try unsafe source.read(into: room, waiting: milliseconds) {
      case .idle: return .idle
      case .end:
        try inflater.finish()
        return .end
      case .bytes(let count): inflater.received(count)
      }
    }
  }
}

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
