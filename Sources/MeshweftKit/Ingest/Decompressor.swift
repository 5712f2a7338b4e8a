#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

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
  private var process: pid_t = 0
  /// The program's standard input and output; -1 when closed.
  private var input: Int32 = -1
  private let output: Int32
  private var pending = [UInt8](repeating: 0, count: 1 << 16)
  private var waiting = 0..<0

  /// - Throws: `needsTool` where the program is not installed.
  init(_ tool: Tool, _ source: any ByteSource, path: String) throws(InputError) {
    self.tool = tool
    self.source = source
    self.path = path
    guard let started = Decompressor.start(tool) else {
      throw .needsTool(path: path, command: tool.command(path))
    }
    (process, input, output) = started
  }

  deinit {
    if input >= 0 { close(input) }
    close(output)
    guard process > 0 else { return }
    kill(process, SIGKILL)
    _ = Decompressor.wait(process)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, waiting milliseconds: Int32) throws(InputError)
    -> ByteReader.Read
  {
    while true {
      if input >= 0, waiting.isEmpty {
        switch try takeMore(waiting: milliseconds) {
        case .idle: return .idle
        case .bytes, .end: break
        }
      }
      var polled = [
        pollfd(fd: output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: input, events: Int16(POLLOUT), revents: 0),
      ]
      let count = input >= 0 ? 2 : 1
      let ready = unsafe polled.withUnsafeMutableBufferPointer {
        unsafe poll($0.baseAddress, nfds_t(count), milliseconds)
      }
      if ready == 0 || (ready < 0 && errno == EINTR) { return .idle }
      if polled[0].revents != 0 {
        // Safe: read(2) and write(2) stay within the count they are given, and keep no pointer.
        let got = unsafe SystemCalls.read(output, buffer.baseAddress, buffer.count)
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
      unsafe SystemCalls.write(input, $0.baseAddress?.advanced(by: range.lowerBound), range.count)
    }
    if sent > 0 {
      waiting = range.lowerBound + sent..<range.upperBound
    } else if sent < 0, errno != EAGAIN, errno != EINTR {
      // It has ended: what it says about that comes with its output's end.
      closeInput()
    }
  }

  private func closeInput() {
    close(input)
    input = -1
    waiting = 0..<0
  }

  private func finish() throws(InputError) -> ByteReader.Read {
    if input >= 0 { closeInput() }
    let status = Decompressor.wait(process)
    process = 0
    guard status == 0 else { throw .damagedPacking(path: path, tool: tool.rawValue) }
    return .end
  }
}

extension Decompressor {
  private static func start(_ tool: Tool) -> (pid_t, input: Int32, output: Int32)? {
    // The program may end before it has taken everything: that comes back as an error of write(2), not as a signal.
    _ = signal(SIGPIPE, SIG_IGN)
    guard let (childInput, input) = pipe(), let (output, childOutput) = pipe() else { return nil }
    defer {
      close(childInput)
      close(childOutput)
    }
    _ = fcntl(input, F_SETFL, fcntl(input, F_GETFL) | O_NONBLOCK)
    let null = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { if null >= 0 { close(null) } }
    guard let process = spawn(tool.rawValue, childInput, childOutput, null) else {
      close(input)
      close(output)
      return nil
    }
    return (process, input, output)
  }

  /// Both ends are closed in programs that are started.
  private static func pipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    // Safe: pipe(2) writes two numbers, and there are two.
    let made = unsafe ends.withUnsafeMutableBufferPointer { unsafe SystemCalls.pipe($0.baseAddress) }
    guard made == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(_ name: String, _ input: Int32, _ output: Int32, _ error: Int32) -> pid_t? {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = unsafe posix_spawn_file_actions_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    if error >= 0 { unsafe posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO) }
    var process: pid_t = 0
    // Safe: the strings outlive the call, which copies them for the new process and does not write to them.
    let status = unsafe name.withCString { name in
      unsafe "-dc".withCString { flags in
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [
          UnsafeMutablePointer(mutating: name), UnsafeMutablePointer(mutating: flags), nil,
        ]
        return unsafe posix_spawnp(&process, name, &actions, nil, &arguments, environ)
      }
    }
    return status == 0 && process > 0 ? process : nil
  }

  /// The exit code; another number than 0 where a signal ended it.
  fileprivate static func wait(_ process: pid_t) -> Int32 {
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 {
      if errno != EINTR { return -1 }
    }
    return status
  }
}

/// System calls whose names are methods' here.
private enum SystemCalls {
  static func read(_ fd: Int32, _ to: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.read(fd, to, count)
    #elseif canImport(Musl)
      unsafe Musl.read(fd, to, count)
    #else
      unsafe Darwin.read(fd, to, count)
    #endif
  }

  static func write(_ fd: Int32, _ from: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.write(fd, from, count)
    #elseif canImport(Musl)
      unsafe Musl.write(fd, from, count)
    #else
      unsafe Darwin.write(fd, from, count)
    #endif
  }

  static func pipe(_ ends: UnsafeMutablePointer<Int32>?) -> Int32 {
    #if canImport(Glibc)
      unsafe Glibc.pipe(ends)
    #elseif canImport(Musl)
      unsafe Musl.pipe(ends)
    #else
      unsafe Darwin.pipe(ends)
    #endif
  }
}
