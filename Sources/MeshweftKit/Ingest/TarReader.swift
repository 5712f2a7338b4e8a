internal import AccessLog

/// The members of a tar, one after the other: ustar, GNU's long names, pax paths. Memory is one header and one name.
///
/// Source: POSIX.1-2001 pax, and GNU tar's manual, "Basic Tar Format".
final class TarReader: ByteSource {
  enum Next {
    /// A regular file, by its path; `read` gives its content.
    case member(String)
    case idle
    case end
  }

  private let source: any ByteSource
  private let path: String
  private var block = [UInt8](repeating: 0, count: TarReader.blockBytes)
  private var filled = 0
  /// Bytes of the member, and of the padding behind it, that have not been read.
  private var left: Int64 = 0
  private var padding: Int64 = 0
  /// A name or a header's content that is collected.
  private var collected: [UInt8]?
  private var collecting: UInt8 = 0
  private var longName: String?

  private static let blockBytes = 512
  /// Bytes of a long name's or a pax header's content; a longer one is passed over.
  private static let nameBytes = 1 << 16

  init(_ source: any ByteSource, path: String) {
    self.source = source
    self.path = path
  }

  /// The member's content.
  func read(into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32) throws(InputError)
    -> ByteReader.Read
  {
    guard left > 0 else { return .end }
    // Safe: a part of the caller's buffer, for the time of the call; it is not longer than the buffer.
    let room = unsafe UnsafeMutableRawBufferPointer(
      rebasing: buffer[..<Int(min(Int64(buffer.count), left))])
    let read = try unsafe source.read(into: room, waiting: milliseconds)
    switch read {
    case .bytes(let count): left -= Int64(count)
    case .end: throw .truncatedArchive(path: path)
    case .idle: break
    }
    return read
  }

  /// Passes over what is left of the member and reads up to the next one that is a log.
  func next(waiting milliseconds: Int32) throws(InputError) -> Next {
    while true {
      guard let isThere = try takeContent(waiting: milliseconds) else { return .idle }
      if !isThere { throw .truncatedArchive(path: path) }
      switch try fillBlock(waiting: milliseconds) {
      case .idle: return .idle
      case .end:
        if filled > 0 { throw .truncatedArchive(path: path) }
        return .end
      case .bytes: break
      }
      filled = 0
      // Two blocks of zeros are the end; what a second archive behind them holds is not read.
      guard block[0] != 0 else { return .end }
      guard let size = octal(124..<136) else { throw .truncatedArchive(path: path) }
      left = size
      padding = (Int64(TarReader.blockBytes) - size % 512) % 512
      if let name = header() { return .member(name) }
    }
  }

  /// The member's name, if it is a file that is a log.
  private func header() -> String? {
    let kind = block[156]
    switch kind {
    case UInt8(ascii: "L"), UInt8(ascii: "x"):
      collected = left <= Int64(TarReader.nameBytes) ? [] : nil
      collecting = kind
      return nil
    case UInt8(ascii: "g"), UInt8(ascii: "K"): return nil
    default: break
    }
    let name = longName ?? shortName
    longName = nil
    let isFile = kind == 0 || kind == UInt8(ascii: "0") || kind == UInt8(ascii: "7")
    return isFile && FolderWalk.isLog(name) ? name : nil
  }

  private var shortName: String {
    let name = text(0..<100)
    let prefix = block[257..<263].elementsEqual(Array("ustar\0".utf8)) ? text(345..<500) : ""
    return prefix.isEmpty ? name : prefix + "/" + name
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: block[range].prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Octal digits, or GNU's base 256.
  private func octal(_ range: Range<Int>) -> Int64? {
    if block[range.lowerBound] & 0x80 != 0 {
      let value = block[range].suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return value < 1 << 62 ? Int64(value) : nil
    }
    let digits = block[range].filter { $0 != 0x20 && $0 != 0 }
    guard digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
    return digits.reduce(Int64(0)) { $0 << 3 | Int64($1 - 0x30) }
  }

  /// Reads past the content and its padding, keeping a name; nil where a stream has not sent it, false where it ended.
  private func takeContent(waiting milliseconds: Int32) throws(InputError) -> Bool? {
    var scratch = [UInt8](repeating: 0, count: 1 << 14)
    while left + padding > 0 {
      let room = Int(min(Int64(scratch.count), left > 0 ? left : padding))
      var read = ByteReader.Read.end
      do {
        // Safe: `room` is at most the scratch's size, and the scratch outlives the call.
        read = try unsafe scratch.withUnsafeMutableBytes {
          try unsafe source.read(
            into: UnsafeMutableRawBufferPointer(rebasing: $0[..<room]), waiting: milliseconds)
        }
      } catch let error as InputError { throw error } catch { return false }
      switch read {
      case .idle: return nil
      case .end: return false
      case .bytes(let count):
        if left > 0 {
          if collected != nil { collected?.append(contentsOf: scratch[..<count]) }
          left -= Int64(count)
        } else {
          padding -= Int64(count)
        }
      }
    }
    takeName()
    return true
  }

  private func takeName() {
    guard let bytes = collected else { return }
    collected = nil
    if collecting == UInt8(ascii: "L") {
      longName = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    } else if let name = TarReader.paxPath(bytes) {
      longName = name
    }
  }

  /// `LENGTH path=NAME\n` among others.
  private static func paxPath(_ bytes: [UInt8]) -> String? {
    var rest = bytes[...]
    while let space = rest.firstIndex(of: 0x20),
      let length = Int(String(decoding: rest[rest.startIndex..<space], as: UTF8.self)), length > 0,
      length <= rest.count, rest.startIndex + length > space + 1
    {
      let record = rest[(space + 1)..<(rest.startIndex + length)]
      if record.starts(with: Array("path=".utf8)) {
        return String(decoding: record.dropFirst(5).prefix { $0 != 0x0A }, as: UTF8.self)
      }
      rest = rest[(rest.startIndex + length)...]
    }
    return nil
  }

  private func fillBlock(waiting milliseconds: Int32) throws(InputError) -> ByteReader.Read {
    while filled < TarReader.blockBytes {
      var read = ByteReader.Read.end
      do {
        let start = filled
        // Safe: `start` is below the block's size as long as the block is not full.
        read = try unsafe block.withUnsafeMutableBytes {
          try unsafe source.read(
            into: UnsafeMutableRawBufferPointer(rebasing: $0[start...]), waiting: milliseconds)
        }
      } catch let error as InputError { throw error } catch { return .end }
      guard case .bytes(let count) = read else { return read }
      filled += count
    }
    return .bytes(filled)
  }
}
