internal import Platform

/// Bytes through a decompressor of the system's: a program that reads from one pipe and writes to another.
///
/// Both pipes are served at once, so neither side waits for the other for ever; the program is killed when nobody wants its
/// bytes any more.
final class Decompressor: ByteSource {
  enum Tool: String {
    case zstd, xz, bzip2, lz4

    /// How people would do it.
    func command(_ path: String) -> String {
      path == "-" ? "\(rawValue) -dc" : "\(rawValue) -dc \(Shown.text(path, limit: 200))"
    }
  }

  private let source: any ByteSource
  private let tool: Tool
  private let path: String
  private let program: ChildProgram
  private var pending = [UInt8](repeating: 0, count: 1 << 16)
  private var waiting = 0..<0

  /// - Throws: `needsTool` where the program is not installed.
  init(_ tool: Tool, _ source: any ByteSource, path: String) throws(InputError) {
    self.tool = tool
    self.source = source
    self.path = path
    do throws(ChildProgram.StartFailure) {
      program = try ChildProgram(tool.rawValue, ["-dc"], .init(takesInput: true))
    } catch {
      throw .needsTool(path: path, command: tool.command(path))
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32) throws(InputError)
    -> ByteReader.Read
  {
    while true {
      if program.input >= 0, waiting.isEmpty {
        switch try takeMore(waiting: milliseconds) {
        case .idle: return .idle
        case .bytes, .end: break
        }
      }
      var polled = [
        pollfd(fd: program.output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: program.input, events: Int16(POLLOUT), revents: 0),
      ]
      let count = program.input >= 0 ? 2 : 1
      let ready = unsafe polled.withUnsafeMutableBufferPointer {
        unsafe poll($0.baseAddress, nfds_t(count), milliseconds)
      }
      if ready == 0 || (ready < 0 && errno == EINTR) { return .idle }
      if polled[0].revents != 0 {
        // Safe: read(2) and write(2) stay within the count they are given, and keep no pointer.
        let got = unsafe Platform.read(program.output, buffer.baseAddress, buffer.count)
        if got > 0 { return .bytes(got) }
        if got == 0 { return try finish() }
      }
      if count == 2, polled[1].revents != 0 { write() }
    }
  }

  private func takeMore(waiting milliseconds: Int32) throws(InputError) -> ByteReader.Read {
    var read = ByteReader.Read.end
    do {
      read = try unsafe pending.withUnsafeMutableBytes {
        try unsafe source.read(into: $0, waiting: milliseconds)
      }
    } catch let error as InputError { throw error } catch { return .end }
    switch read {
    case .bytes(let count): waiting = 0..<count
    case .end: closeInput()
    case .idle: break
    }
    return read
  }

  private func write() {
    let range = waiting
    // Safe: `waiting` is a range of `pending`.
    let sent = unsafe pending.withUnsafeBytes {
      unsafe Platform.write(program.input, $0.baseAddress?.advanced(by: range.lowerBound), range.count)
    }
    if sent > 0 {
      waiting = range.lowerBound + sent..<range.upperBound
    } else if sent < 0, errno != EAGAIN, errno != EINTR {
      // It has ended: what it says about that comes with its output's end.
      closeInput()
    }
  }

  private func closeInput() {
    program.closeInput()
    waiting = 0..<0
  }

  private func finish() throws(InputError) -> ByteReader.Read {
    closeInput()
    guard program.end() == .exited(0) else { throw .damagedPacking(path: path, tool: tool.rawValue) }
    return .end
  }
}
