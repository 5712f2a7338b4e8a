internal import TraceStore
internal import Platform

/// A file that is read as a whole: a list, a map, a statement. It may be a pipe: `/dev/stdin`, `<(kubectl get …)`.
struct WholeFile {
  /// Why it was not read; its description follows the file's name.
  enum Failure: Error, CustomStringConvertible {
    case unopened(OpenFailure)
    case unreadable(String)
    /// `limit` in bytes.
    case tooLarge(limit: Int)
    /// A signal came first.
    case interrupted

    var description: String {
      switch self {
      case .unopened(let failure):
        failure.isOfNothing ? "cannot be read" : "cannot be read: \(failure.reason)"
      case .unreadable(let reason): "cannot be read: \(reason)"
      case .tooLarge(let limit): "is larger than \(Quantity.bytes(Int64(limit))), which is too large for it"
      case .interrupted: "was not read to its end: interrupted"
      }
    }
  }

  let name: FileName
  private let database: String
  /// Milliseconds for which a pipe is waited for before `stop` is looked at.
  private static let pollMilliseconds: Int32 = 200
  private static let blockBytes = 1 << 16

  /// `database`: whose files are not opened.
  init(_ path: String, database: String) {
    name = FileName(path)
    self.database = database
  }

  var isThere: Bool { FileStatus(name) != nil }

  /// - Parameters:
  ///   - limit: bytes; a file that has more is refused without being read.
  ///   - stop: ends the waiting for a pipe.
  /// - Returns: all of it.
  /// - Throws: `Failure`
  func read(limit: Int, stop: StopFlag = StopFlag()) throws(Failure) -> [UInt8] {
    let descriptor: Int32
    do throws(OpenFailure) {
      descriptor = try OpenedFile.open(name, sparing: StoreFiles(database: database))
    } catch {
      throw .unopened(error)
    }
    defer { close(descriptor) }
    let isFile =
      FileStatus(descriptor: descriptor).map { status in status.kind == .file ? status.size : -1 } ?? -1
    if isFile > Int64(limit) { throw .tooLarge(limit: limit) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: WholeFile.blockBytes)
    while !stop.isRequested {
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&wait, 1, WholeFile.pollMilliseconds)
      if ready == 0 || (ready < 0 && errno == EINTR) { continue }
      // Safe: read(2) writes at most the block's size, and keeps no pointer.
      let count = unsafe block.withUnsafeMutableBytes { unsafe readBytes(descriptor, $0) }
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        throw .unreadable(unsafe String(cString: strerror(errno)))
      }
      if count == 0 { return bytes }
      bytes += block[..<count]
      if bytes.count > limit { throw .tooLarge(limit: limit) }
    }
    throw .interrupted
  }

  private func readBytes(_ descriptor: Int32, _ room: UnsafeMutableRawBufferPointer) -> Int {
    unsafe Platform.read(descriptor, room.baseAddress, room.count)
  }
}
