internal import Platform

/// A program that this process has started, with pipes to and from it. It is the one place that starts programs
/// (decision 15); arguments are passed as they are, never through a shell.
///
/// The program is killed when nobody holds this any more.
///
/// Safe: the arrays and strings whose addresses system calls get outlive the calls; nothing keeps the addresses.
final class ChildProgram {
  /// Why it could not be started.
  struct StartFailure: Error {
    /// An errno.
    let code: Int32

    var isNotFound: Bool { code == ENOENT }
    /// The system's word for it.
    var reason: String { unsafe String(cString: strerror(code)) }
  }

  enum Ending: Equatable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  /// What it is given.
  struct Needs {
    /// Its standard input is a pipe; else it is empty.
    var takesInput = false
    /// Its standard error is a pipe; else nobody sees it.
    var givesErrors = false
    /// It and the programs that it starts are killed together, and a terminal's Ctrl-C is not theirs.
    var isGroup = false
  }

  private var process: pid_t = 0
  private let isGroup: Bool
  /// The program's standard input; -1 where it has none, or it is closed. Writes do not block.
  private(set) var input: Int32 = -1
  /// The program's standard output.
  let output: Int32
  /// The program's standard error, or -1.
  let errors: Int32

  /// Starts a program, looked up on the PATH where its name has no slash.
  init(_ name: String, _ arguments: [String], _ needs: Needs) throws(StartFailure) {
    isGroup = needs.isGroup
    // A program may end before it has taken everything: that comes back as an error of write(2), not as a signal.
    _ = signal(SIGPIPE, SIG_IGN)
    var pipes = ChildPipes()
    defer { pipes.closeChildEnds() }
    let childInput = try pipes.input(isPipe: needs.takesInput)
    let childOutput = try pipes.output(isPipe: true)
    let childErrors = try pipes.output(isPipe: needs.givesErrors)
    do throws(StartFailure) {
      process = try ChildProgram.spawn(
        name, arguments, [childInput.child, childOutput.child, childErrors.child], needs)
    } catch {
      pipes.closeOwnEnds()
      throw error
    }
    input = childInput.own
    output = childOutput.own
    errors = childErrors.own
  }

  deinit {
    closeInput()
    close(output)
    if errors >= 0 { close(errors) }
    kill()
  }

  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// How it ended, once its output has. One that goes on for so many milliseconds after that is killed.
  func end(patience milliseconds: Int = 1000) -> Ending {
    var waited = 0
    while true {
      if let ending = reap(WNOHANG) { return ending }
      guard waited < milliseconds else { return kill() ?? .killed(signal: SIGKILL) }
      usleep(5000)
      waited += 5
    }
  }

  /// Ends it where it is.
  @discardableResult
  func kill() -> Ending? {
    guard process > 0 else { return nil }
    // The number cannot be another program's yet: this one has not been waited for.
    signalProcess(isGroup ? -process : process, SIGKILL)
    return reap(0)
  }

  private func reap(_ flags: Int32) -> Ending? {
    guard process > 0 else { return nil }
    var status: Int32 = 0
    while true {
      let found = unsafe waitpid(process, &status, flags)
      if found == 0 { return nil }
      if found < 0, errno == EINTR { continue }
      process = 0
      guard found > 0 else { return .exited(-1) }
      let number = status & 0x7F
      return number == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: number)
    }
  }

  private static func spawn(
    _ name: String, _ arguments: [String], _ streams: [Int32], _ needs: Needs
  ) throws(StartFailure) -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = unsafe posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    for (place, stream) in streams.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, stream, Int32(place))
    }
    // Signals that this process ignores are not ignored there.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGPIPE, SIGXFSZ] { unsafe sigaddset(&signals, number) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    var flags = POSIX_SPAWN_SETSIGDEF
    if needs.isGroup { flags |= POSIX_SPAWN_SETPGROUP }
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    var copies: [UnsafeMutablePointer<CChar>?] = unsafe ([name] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(&process, name, &actions, &attributes, &copies, environ)
    guard code == 0, process > 0 else { throw StartFailure(code: code) }
    return process
  }
}

/// A method of the class has the system call's name.
private func signalProcess(_ process: pid_t, _ number: Int32) { _ = kill(process, number) }

/// The ends of the pipes to one program: all of them are closed in programs that are started.
private struct ChildPipes {
  typealias Ends = (child: Int32, own: Int32)

  private var childEnds: [Int32] = []
  private var ownEnds: [Int32] = []

  mutating func input(isPipe: Bool) throws(ChildProgram.StartFailure) -> Ends {
    guard isPipe else { return try null(O_RDONLY) }
    let (read, write) = try pair()
    _ = fcntl(write, F_SETFL, fcntl(write, F_GETFL) | O_NONBLOCK)
    return keep((read, write))
  }

  mutating func output(isPipe: Bool) throws(ChildProgram.StartFailure) -> Ends {
    guard isPipe else { return try null(O_WRONLY) }
    let (read, write) = try pair()
    return keep((write, read))
  }

  func closeChildEnds() { for end in childEnds { close(end) } }
  func closeOwnEnds() { for end in ownEnds where end >= 0 { close(end) } }

  private mutating func keep(_ ends: Ends) -> Ends {
    childEnds.append(ends.child)
    ownEnds.append(ends.own)
    return ends
  }

  private mutating func null(_ flags: Int32) throws(ChildProgram.StartFailure) -> Ends {
    let end = unsafe open("/dev/null", flags | O_CLOEXEC)
    guard end >= 0 else { throw failed() }
    return keep((end, -1))
  }

  private func pair() throws(ChildProgram.StartFailure) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard unsafe ends.withUnsafeMutableBufferPointer({ unsafe pipe($0.baseAddress) }) == 0 else {
      throw failed()
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// With what was opened for it closed again: the caller closes the program's ends.
  private func failed() -> ChildProgram.StartFailure {
    let failure = ChildProgram.StartFailure(code: errno)
    closeOwnEnds()
    return failure
  }
}
