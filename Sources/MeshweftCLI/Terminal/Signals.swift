internal import ArgumentParser
internal import MeshweftKit
internal import Synchronization
internal import Platform

/// Signals, decided once.
///
/// The first SIGINT, SIGTERM or SIGHUP asks the command to end. One that comes within a second is the same request:
/// timeout(1) sends two in a row, a terminal that is closed SIGHUP and more. One that comes later ends at once. What a
/// parent had ignored (nohup, a background job of sh) stays ignored.
enum Signals {
  /// What a command does when it is asked to end.
  enum Ending {
    /// It stops reading, and says nothing more.
    case reading
    /// It undoes what it has not committed, and says so.
    case undoing
    /// It commits what it has and prints what that is, however long another writer holds it up.
    case committing
  }

  /// Asks an ingest to commit and end.
  static let stop = StopFlag()

  private static let numbers = [SIGINT, SIGTERM, SIGHUP]
  /// The first signal; 0 before.
  private static let first = Atomic<Int32>(0)
  /// When it came, milliseconds of a clock that nobody sets; 0 before.
  private static let firstTime = Atomic<Int64>(0)
  private static let isPatient = Atomic<Bool>(false)
  private static let endsOutput = Atomic<Bool>(false)
  /// Milliseconds in which another signal is no other request.
  private static let sameMilliseconds: Int64 = 1000
  /// Seconds after which a command that has nothing to commit is ended where it is: a kill leaves every file whole.
  private static let patienceSeconds: UInt32 = 2

  /// A closed pipe and a file size limit come back as errors of write(2) instead of killing the process.
  static func ignoreWriteSignals() {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
  }

  /// A parent that starts programs from a thread with blocked signals hands that down: they are let in again.
  static func catchStops(_ ending: Ending) {
    isPatient.store(ending == .committing, ordering: .relaxed)
    endsOutput.store(ending == .reading, ordering: .relaxed)
    // What the handler uses is made here: it must not be the first one to ask.
    Interruption.prepare()
    _ = (stop.isRequested, first.load(ordering: .relaxed), milliseconds())
    _ = (firstTime.load(ordering: .relaxed), sameMilliseconds, patienceSeconds)
    // Safe: these calls read or fill structures on the stack and keep none of them. Handlers are C functions without
    // context, which live for ever.
    var stops = sigset_t()
    unsafe sigemptyset(&stops)
    for number in numbers where !isIgnored(number) {
      handle(number) { Signals.received($0) }
      unsafe sigaddset(&stops, number)
    }
    handle(SIGALRM) { _ in _exit(128 + Signals.first.load(ordering: .relaxed)) }
    unsafe sigaddset(&stops, SIGALRM)
    unsafe pthread_sigmask(SIG_UNBLOCK, &stops, nil)
  }

  /// On whatever thread it comes; only what a signal handler may do.
  private static func received(_ number: Int32) {
    let now = milliseconds()
    guard firstTime.compareExchange(expected: 0, desired: now, ordering: .relaxed).exchanged else {
      if now - firstTime.load(ordering: .relaxed) >= sameMilliseconds { _exit(128 + number) }
      return
    }
    first.store(number, ordering: .relaxed)
    stop.request()
    Interruption.request()
    if !isPatient.load(ordering: .relaxed) { _ = alarm(patienceSeconds) }
  }

  /// While a pager runs.
  static func ignoreInterrupts() { _ = signal(SIGINT, SIG_IGN) }

  /// What a process that a signal ended gives its shell; nil where none came.
  static var exitCode: ExitCode? {
    let number = first.load(ordering: .relaxed)
    return number == 0 ? nil : ExitCode(128 + number)
  }

  /// Ends a command that only reads; whatever it has not written yet nobody waits for.
  /// - Throws: `exitCode`
  static func endReading() throws {
    if endsOutput.load(ordering: .relaxed), let exitCode { throw exitCode }
  }

  /// Never 0.
  private static func milliseconds() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000 &+ 1
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    return bits(handler(of: action)) == bits(SIG_IGN)
  }

  /// Without SA_RESTART: a write to a reader that does not read comes back.
  private static func handle(_ number: Int32, _ body: @convention(c) (Int32) -> Void) {
    var action = sigaction()
    unsafe sigemptyset(&action.sa_mask)
    #if canImport(Glibc)
      unsafe action.__sigaction_handler.sa_handler = body
    #elseif canImport(Musl)
      unsafe action.__sa_handler.sa_handler = body
    #else
      unsafe action.__sigaction_u.__sa_handler = body
    #endif
    unsafe sigaction(number, &action, nil)
  }

  private static func handler(of action: sigaction) -> (@convention(c) (Int32) -> Void)? {
    #if canImport(Glibc)
      unsafe action.__sigaction_handler.sa_handler
    #elseif canImport(Musl)
      unsafe action.__sa_handler.sa_handler
    #else
      unsafe action.__sigaction_u.__sa_handler
    #endif
  }

  /// Handlers are compared as addresses: SIG_IGN is none that could be called.
  private static func bits(_ handler: (@convention(c) (Int32) -> Void)?) -> UInt {
    // Safe: an optional C function is a pointer's size, and its bits are compared, never called.
    unsafe unsafeBitCast(handler, to: UInt.self)
  }
}

/// Runs a command's body; what it throws becomes one line on standard error and the exit code of failures. A command that
/// a signal asked to end exits as if that had ended it, unless it failed to commit what it was to.
func reporting(_ ending: Signals.Ending = .reading, _ body: () throws -> Void) throws {
  Signals.ignoreWriteSignals()
  Signals.catchStops(ending)
  do {
    try body()
  } catch let code as ExitCode {
    throw Signals.exitCode ?? code
  } catch let error as UsageError {
    // ArgumentParser would add the usage of `meshweft` itself, which helps nobody here.
    Terminal.note("meshweft: \(error)")
    throw ExitCode.validationFailure
  } catch {
    let wasStopped = Interruption.isCause(of: error)
    if !wasStopped || ending != .reading { Terminal.note("meshweft: \(error)") }
    if ending != .committing || wasStopped, let code = Signals.exitCode { throw code }
    throw ExitCode.failed
  }
  if let code = Signals.exitCode { throw code }
}
