/// How much time a row of `load` is about.
public enum BucketWidth: Sendable, Equatable {
  /// The narrowest of some round widths that makes few enough buckets.
  case fitting
  /// Whole minutes.
  case microseconds(Int64)

  /// Reads `auto`, `1m`, `1h`.
  /// - Throws: `UsageError`
  public init(_ text: String) throws {
    if text == "auto" {
      self = .fitting
    } else if let width = try? TypedDuration(text), width.microseconds % 60_000_000 == 0 {
      self = .microseconds(width.microseconds)
    } else {
      throw UsageError(
        "--bucket takes auto or whole minutes, like 1m, 15m or 1h, not \(Shown.text(text, limit: 40))")
    }
  }
}
