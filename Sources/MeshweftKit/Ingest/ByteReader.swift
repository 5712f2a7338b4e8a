internal import CZlib
internal import TraceStore
internal import Platform

/// Reads one file or stream, gunzipping where its first bytes say so, whatever its name is.
final class ByteReader {
  /// What one read gave.
  enum Read {
    /// So many bytes were written.
    case bytes(Int)
    /// Nothing came within the time that was given: a pipe that stays open.
    case idle
    case end

    var isEnd: Bool { if case .end = self { true } else { false } }
  }

  private let path: String
  let descriptor: Int32
  private let ownsDescriptor: Bool
  private var inflater: Inflater?
  private var isPlain = false
  /// Bytes read to look at the first two, not yet handed out.
  private var peeked: [UInt8] = []
  /// Compressed or plain bytes taken from the descriptor.
  private(set) var consumed: Int64 = 0
  /// The file's size in bytes, or nil for a stream.
  let size: Int64?
  private let isPipe: Bool

  /// Opens a file, or takes standard input where the path is `-`; one of the store's own files is not opened.
  ///
  /// - Throws: `notFound`, `unreadable`, `isDatabase`.
  init(_ input: InputList.Input, sparing store: StoreFiles) throws(InputError) {
    path = input.path
    let status: FileStatus?
    if path == "-" {
      descriptor = STDIN_FILENO
      ownsDescriptor = false
      status = FileStatus(descriptor: descriptor)
      if let status, store.holds(status) { throw .isDatabase(path: path) }
    } else {
      do throws(OpenFailure) {
        descriptor = try OpenedFile.open(input.name, sparing: store)
      } catch {
        throw InputError(error, path: input.path)
      }
      ownsDescriptor = true
      status = FileStatus(descriptor: descriptor)
    }
    size = status?.kind == .file ? status?.size : nil
    isPipe = status?.kind == .pipe
  }

  /// Takes a program's output as it is, packed or not; whoever started the program closes it.
  init(outputOf program: ChildProgram, path: String) {
    self.path = path
    descriptor = program.output
    ownsDescriptor = false
    isPlain = true
    size = nil
    isPipe = true
  }

  deinit {
    if ownsDescriptor { close(descriptor) }
  }

  /// Fills `buffer` with plain bytes, as many as come at once; waits so many milliseconds for a stream's next bytes
  /// before it says `.idle`.
  func read(into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32) throws(InputError)
    -> Read
  {
    if !isPlain, inflater == nil {
      guard try decideFormat(waiting: milliseconds) else { return .idle }
    }
    if let inflater { return try unsafe readInflated(inflater, into: buffer, waiting: milliseconds) }
    if !peeked.isEmpty {
      let count = min(peeked.count, buffer.count)
      // Safe: `count` is at most the buffer's room.
      unsafe buffer.copyBytes(from: peeked[..<count])
      peeked.removeFirst(count)
      return .bytes(count)
    }
    return try unsafe readRaw(into: buffer, waiting: milliseconds)
  }

  /// Reads the first two bytes (or fewer at the end) and decides; false while a stream has not sent them.
  private func decideFormat(waiting milliseconds: Int32) throws(InputError) -> Bool {
    while peeked.count < 2 {
      var two = [UInt8](repeating: 0, count: 2 - peeked.count)
      let read: Read
      do {
        read = try unsafe two.withUnsafeMutableBytes { try unsafe readRaw(into: $0, waiting: milliseconds) }
      } catch let error as InputError {
        throw error
      } catch { return true }
      switch read {
      case .idle: return false
      case .end:
        isPlain = true
        return true
      case .bytes(let count): peeked += two[..<count]
      }
    }
    if peeked == [0x1F, 0x8B] {
      inflater = Inflater(path: path, start: peeked)
      peeked = []
    } else {
      isPlain = true
    }
    return true
  }

  private func readInflated(
    _ inflater: Inflater, into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32
  ) throws(InputError) -> Read {
    while true {
      let count = try unsafe inflater.inflate(into: buffer)
      if count > 0 { return .bytes(count) }
      let room = unsafe inflater.inputRoom()
      switch try unsafe readRaw(into: room, waiting: milliseconds) {
      case .idle: return .idle
      case .end:
        try inflater.finish()
        return .end
      case .bytes(let count): inflater.received(count)
      }
    }
  }

  private func readRaw(
    into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32
  ) throws(InputError) -> Read {
    if size == nil {
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&wait, 1, milliseconds)
      if ready == 0 || (ready < 0 && errno == EINTR) { return .idle }
    }
    // Safe: read(2) writes at most as many bytes as the buffer has, and keeps no pointer.
    let count = unsafe Self.readDescriptor(
      descriptor, buffer.baseAddress, min(buffer.count, ByteReader.blockBytes))
    if count < 0 {
      if errno == EINTR || errno == EAGAIN { return .idle }
      throw .unreadable(path: path, reason: ByteReader.systemError())
    }
    consumed += Int64(count)
    return count == 0 ? .end : .bytes(count)
  }

  /// Whether it is a named pipe that nobody has opened to write to it. Only a read tells that from one who has and is silent;
  /// what it gives is kept.
  var waitsForWriter: Bool {
    guard isPipe, ownsDescriptor, consumed == 0 else { return false }
    var byte: UInt8 = 0
    let count = unsafe Self.readDescriptor(descriptor, &byte, 1)
    guard count == 1 else { return count == 0 }
    peeked.append(byte)
    consumed += 1
    return false
  }

  /// Bytes per read(2): large enough that system calls do not count, small enough for the cache.
  private static let blockBytes = 1 << 20

  private static func readDescriptor(_ fd: Int32, _ to: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    unsafe Platform.read(fd, to, count)
  }

  private static func systemError() -> String { unsafe String(cString: strerror(errno)) }
}
