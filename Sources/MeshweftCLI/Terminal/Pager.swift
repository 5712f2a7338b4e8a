internal import ArgumentParser
internal import Platform

/// The user's pager, running.
@safe final class Pager {
  // Safe: the pipe is this object's own; it is closed once, and not written to afterwards (`isOpen`).
  // Values of variables are copied at once.
  private let pipe: UnsafeMutablePointer<FILE>
  private var isOpen = true

  /// `$PAGER`, or less; nil where it is switched off.
  static var command: String? {
    guard let variable = unsafe getenv("PAGER") else { return "less 2>/dev/null || cat" }
    let value = unsafe String(cString: variable)
    return value.isEmpty || value == "cat" ? nil : value
  }

  /// Nil where it cannot be started.
  init?() {
    guard let command = Pager.command else { return nil }
    // As git has it: less shows colours, leaves the text on the screen, and does not stay for a single one.
    unsafe setenv("LESS", "FRX", 0)
    guard let pipe = unsafe popen(command, "w") else { return nil }
    unsafe self.pipe = unsafe pipe
    // The terminal sends Ctrl-C to both, and the pager decides what it is for: this one waits for its end.
    Signals.ignoreInterrupts()
  }

  /// - Throws: `ExitCode.success` where the user has left it: he has read enough.
  func write(_ bytes: [UInt8]) throws {
    guard isOpen else { throw ExitCode.success }
    let written = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, pipe) }
    if written == bytes.count { return }
    close()
    throw ExitCode.success
  }

  func close() {
    guard isOpen else { return }
    isOpen = false
    unsafe _ = pclose(pipe)
  }

  deinit { close() }
}
