internal import ArgumentParser
internal import MeshweftKit
internal import Platform

/// The process's side of things: streams, signals, exit codes.
enum Terminal {
  static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Columns of the terminal on standard error, or 80.
  static var columns: Int {
    // Safe: ioctl(2) fills a structure on the stack of the size that TIOCGWINSZ has; it is the same in `rows`.
    var size = winsize()
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Columns to which what people read is fitted: $COLUMNS, or the terminal on standard output; nil where there is none.
  static var outputColumns: Int? {
    // Safe: values of variables are copied or parsed at once, and nothing changes variables meanwhile.
    if let variable = unsafe getenv("COLUMNS"), let columns = Int(unsafe String(cString: variable)),
      columns > 0
    {
      return columns
    }
    guard outputIsTerminal else { return nil }
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes data; a closed pipe (`| head`) ends the process quietly, any other failure with the code of failures.
  ///
  /// A signal ends it where the command only reads; a summary is written in any case.
  static func output(_ bytes: [UInt8]) throws {
    try unsafe bytes.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        try Signals.endReading()
        // Safe: `offset` stays below the count, and write(2) copies before it returns.
        let count = unsafe write(STDOUT_FILENO, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
        if count < 0 {
          if errno == EINTR { continue }
          if errno == EPIPE { throw ExitCode.success }
          let reason = unsafe String(cString: strerror(errno))
          note("meshweft: standard output: \(reason)")
          throw ExitCode.failed
        }
        offset += count
      }
    }
  }

  /// Microseconds since the epoch: the clock, or $SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch).
  static var now: Int64 {
    if let variable = unsafe getenv("SOURCE_DATE_EPOCH"),
      let seconds = Int64(unsafe String(cString: variable)),
      (0..<253_402_300_800).contains(seconds)
    {
      return seconds * 1_000_000
    }
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  /// Whether an environment variable is there and not empty (https://no-color.org).
  static func isSet(_ name: String) -> Bool { unsafe getenv(name).map { unsafe $0.pointee != 0 } ?? false }

  static var isDumb: Bool { unsafe getenv("TERM").map { unsafe String(cString: $0) == "dumb" } ?? true }

  /// Lines of the terminal on standard output, or 24.
  static var rows: Int {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return 24 }
    return Int(size.ws_row)
  }

  static func output(_ text: String) throws { try output(Array(text.utf8)) }

  /// A line on standard error. Names from logs and the words of a damaged database can be in it: they stay text.
  static func note(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    errorText(lines.map { Shown.text(String($0)) }.joined(separator: "\n") + "\n")
  }

  static func errorText(_ text: String) {
    let bytes = Array(text.utf8)
    unsafe bytes.withUnsafeBytes { unsafe _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// 0 fine, 1 a finding under --fail-on, 2 a runtime failure; usage errors are 64, as ArgumentParser's own are.
extension ExitCode {
  static let finding = ExitCode(1)
  static let failed = ExitCode(2)
}
