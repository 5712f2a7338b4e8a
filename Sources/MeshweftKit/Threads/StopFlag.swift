internal import Synchronization

/// Asks a running ingest to commit what it has and end. Safe to set from a signal handler.
public final class StopFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Not requested.
  public init() {}

  /// Asks for the end; there is no way back.
  public func request() { flag.store(true, ordering: .relaxed) }
  /// Whether it was asked for.
  public var isRequested: Bool { flag.load(ordering: .relaxed) }
}
