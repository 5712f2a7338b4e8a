internal import ArgumentParser
internal import Glibc

struct Timed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs a command, its output thrown away; prints its wall time, CPU time and peak memory.")

  @Option(help: "What to call the row.")
  var row: String

  @Argument(parsing: .postTerminator, help: "The command and its arguments.")
  var command: [String]

  func run() throws {
    let begin = ContinuousClock.now
    let child = try spawn()
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(child, &status, 0, &usage) < 0 {
      guard errno == EINTR else { throw RunFailure(command: command, reason: lastSystemError()) }
    }
    let duration = begin.duration(to: .now)
    guard status == 0 else { throw RunFailure(command: command, reason: "wait status \(status)") }
    var measurement = Measurement(row: row, duration: duration)
    // In KiB on Linux, and never below what this process had at the time of the spawn (about 13 MiB).
    measurement.peakKibibytes = Int(usage.ru_maxrss)
    measurement.userSeconds = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
    measurement.report()
  }

  /// Starts the command with standard output on /dev/null; the rest it shares with us.
  private func spawn() throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe arguments.indices { unsafe free(arguments[index]) } }
    var child: pid_t = 0
    let error = unsafe posix_spawnp(&child, command[0], &actions, nil, &arguments, environ)
    guard error == 0 else {
      throw RunFailure(command: command, reason: unsafe String(cString: strerror(error)))
    }
    return child
  }
}

/// A command could not be run, or did not end well.
struct RunFailure: Error, CustomStringConvertible {
  let command: [String]
  let reason: String

  var description: String { "\(command.joined(separator: " ")): \(reason)" }
}
