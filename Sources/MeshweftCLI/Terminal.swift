internal import ArgumentParser
internal import MeshweftKit

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The process's side of things: streams, signals, exit codes.
enum Terminal {
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Columns of the terminal on standard error, or 80.
  static var columns: Int {
    var size = winsize()
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
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

  /// Bytes that are written at once.
  private static let pieceBytes = 1 << 20

  /// Writes what comes in pieces of any size, without holding all of it.
  static func output(_ body: (([UInt8]) throws -> Void) throws -> Void) throws {
    var bytes: [UInt8] = []
    try body { more in
      bytes += more
      guard bytes.count >= pieceBytes else { return }
      try output(bytes)
      bytes.removeAll(keepingCapacity: true)
    }
    try output(bytes)
  }

  /// Writes a report as it comes; on a terminal when all of it is there, to see whether it needs a pager.
  static func show(_ body: (([UInt8]) throws -> Void) throws -> Void) throws {
    guard outputIsTerminal else { return try output(body) }
    var bytes: [UInt8] = []
    try body { bytes += $0 }
    try show(bytes)
  }

  /// Writes a report: through the user's pager where it is longer than the terminal, else as it is.
  static func show(_ bytes: [UInt8]) throws {
    let lines = bytes.count { $0 == UInt8(ascii: "\n") }
    guard outputIsTerminal, lines >= rows, let pager else { return try output(bytes) }
    guard let pipe = unsafe popen(pager, "w") else { return try output(bytes) }
    // The terminal sends Ctrl-C to both, and the pager decides what it is for: this one waits for its end.
    Signals.ignoreInterrupts()
    // A pager that is left early has read enough; it says itself what else went wrong.
    unsafe bytes.withUnsafeBytes { unsafe _ = fwrite($0.baseAddress, 1, $0.count, pipe) }
    unsafe _ = pclose(pipe)
  }

  /// `$PAGER`, or less with colours and without staying for a single screen; nil where it is switched off.
  private static var pager: String? {
    guard let variable = unsafe getenv("PAGER") else { return "less -FRX 2>/dev/null || cat" }
    let value = unsafe String(cString: variable)
    return value.isEmpty || value == "cat" ? nil : value
  }

  /// Whether an environment variable is there and not empty (https://no-color.org).
  static func isSet(_ name: String) -> Bool { unsafe getenv(name).map { unsafe $0.pointee != 0 } ?? false }

  static var isDumb: Bool { unsafe getenv("TERM").map { unsafe String(cString: $0) == "dumb" } ?? true }

  /// Lines of the terminal on standard output, or 24.
  private static var rows: Int {
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
