/// A mistake in what the user typed; the exit code is that of usage errors.
public struct UsageError: Error, Sendable, CustomStringConvertible {
  /// What is wrong and what would be right.
  public let description: String
  /// A mistake, described.
  public init(_ description: String) { self.description = description }
}
