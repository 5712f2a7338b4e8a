internal import TraceStore

/// The end of whatever this process does with databases, for signals: reports stop reading, and what is being written and
/// not yet committed is undone. An ingest commits what it has first, see `StopFlag`.
public enum Interruption {
  /// There is no way back. Safe in a signal handler, after `prepare`.
  public static func request() { StoreInterruption.request() }

  /// Makes what a signal handler needs.
  public static func prepare() { StoreInterruption.prepare() }

  /// Whether it was asked for.
  public static var isRequested: Bool { StoreInterruption.isRequested }

  /// Ends what is not a statement of SQLite's.
  /// - Throws: `StoreError`, `interrupted`.
  static func check() throws {
    if isRequested { throw StoreError.interrupted }
  }

  /// Whether an error is this, and nothing went wrong.
  public static func isCause(of error: any Error) -> Bool {
    if case StoreError.interrupted = error { true } else { false }
  }
}
