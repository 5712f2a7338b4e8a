internal import Dispatch
internal import Synchronization
internal import Foundation

/// A program that a test has started. Its output is read by threads of its own from the first byte on, so that
/// neither side ever waits for a full pipe.
package final class ChildProcess: Sendable {
  /// How it ended, and what it said.
  package struct Outcome: Sendable, Equatable {
    /// The exit code, or the negative number of the signal that ended it.
    package var status: Int
    package var output: [UInt8]
    package var errors: [UInt8]

    package var outputText: String { String(decoding: output, as: UTF8.self) }
    package var errorText: String { String(decoding: errors, as: UTF8.self) }
  }

  package struct TimedOut: Error, CustomStringConvertible {
    package var description: String

    package init(description: String) { self.description = description }
  }

  /// Seconds after which a test gives a program up; generous, for machines that do other things, too.
  package static let patience = 120.0

  /// Foundation's process is not marked as safe to share; it is started before it is shared, and then only asked.
  private struct Handle: @unchecked Sendable { let process: Process }

  private let handle: Handle
  private let input = Pipe()
  private let output: DrainedPipe
  private let errors: DrainedPipe
  private let ended = DispatchSemaphore(value: 0)

  /// Starts `program` (a path, or a name to be looked up in PATH), with `environment` on top of this process's own.
  /// Throws what Foundation says where it cannot be started.
  package init(
    _ program: String, _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]
  ) throws {
    _ = ChildProcess.ignoresClosedPipes
    let process = Process()
    process.executableURL = URL(filePath: program.contains("/") ? program : "/usr/bin/env")
    process.arguments = (program.contains("/") ? [] : [program]) + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    process.terminationHandler = { [ended] _ in ended.signal() }
    try ChildProcess.withoutBlockedSignals { try process.run() }
    handle = Handle(process: process)
    self.output = DrainedPipe(output)
    self.errors = DrainedPipe(errors)
  }

  /// Threads of a pool block signals, and hand that down: the program would not get those that a shell's program gets.
  private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
    var (none, before) = (sigset_t(), sigset_t())
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  /// What is ignored is inherited: SIGINT by whatever a script runs in the background, and then by programs under test.
  private static let ignoresClosedPipes: Bool = {
    _ = Foundation.signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP] { _ = Foundation.signal(number, SIG_DFL) }
    return true
  }()

  package var isRunning: Bool { handle.process.isRunning }

  /// Writes to its standard input; what it does not read any more is lost without an error.
  package func send(_ bytes: some Sequence<UInt8>) {
    try? input.fileHandleForWriting.write(contentsOf: Data(bytes))
  }

  /// Ends its standard input.
  package func endInput() { try? input.fileHandleForWriting.close() }

  package func signal(_ number: Int32) { _ = kill(handle.process.processIdentifier, number) }

  /// Ends its input and waits for its end.
  /// - Throws: `TimedOut`; it is killed then. `CountingInvariant.Broken` where an ingest's counts do not add up.
  package func wait(seconds: Double = ChildProcess.patience) throws -> Outcome {
    endInput()
    guard ended.wait(timeout: .now() + seconds) == .success else {
      signal(SIGKILL)
      throw TimedOut(description: "no end after \(seconds) s; said: \(errors.textSoFar)")
    }
    let status = Int(handle.process.terminationStatus)
    let outcome = Outcome(
      status: handle.process.terminationReason == .uncaughtSignal ? -status : status,
      output: try output.all(), errors: try errors.all())
    try CountingInvariant.check(outcome)
    return outcome
  }

  /// Starts a program, gives it its input, and waits for its end.
  package static func run(
    _ program: String, _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
    input: some Sequence<UInt8> = []
  ) throws -> Outcome {
    let child = try ChildProcess(program, arguments, in: folder, environment: environment)
    child.send(input)
    return try child.wait()
  }
}

/// A pipe that a thread empties until all who could write to it are gone.
private final class DrainedPipe: Sendable {
  private let bytes = Mutex<[UInt8]>([])
  private let done = DispatchSemaphore(value: 0)

  init(_ pipe: Pipe) {
    let source = pipe.fileHandleForReading
    Thread.detachNewThread { [self] in
      while let data = try? source.read(upToCount: 1 << 16), !data.isEmpty { bytes.withLock { $0 += data } }
      done.signal()
    }
  }

  var textSoFar: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }

  func all() throws -> [UInt8] {
    guard done.wait(timeout: .now() + ChildProcess.patience) == .success else {
      throw ChildProcess.TimedOut(description: "a pipe stayed open behind its process; it held: \(textSoFar)")
    }
    return bytes.withLock { $0 }
  }
}
