internal import TraceStore
internal import Platform

/// What the process was started with.
public enum Arguments {
  /// The arguments behind the program's name. Swift's own list has other characters in place of bytes that are no UTF-8, so
  /// that a file of such a name could not be found by it; here it can, see `FileName.argument`.
  public static var all: [String] {
    (1..<max(1, CommandLine.argc)).compactMap { index in
      // Safe: there are `argc` arguments, each ends with a zero byte, and they live as long as the process.
      unsafe CommandLine.unsafeArgv[Int(index)].map { unsafe text($0) }
    }
  }

  /// An argument, or the value of a variable, as text.
  public static func text(_ value: UnsafePointer<CChar>) -> String {
    // Safe: `value` ends with a zero byte, and `argument` gets a copy.
    let bytes = unsafe UnsafeRawBufferPointer(start: value, count: strlen(value))
    return unsafe FileName.argument(bytes.map { $0 })
  }
}
