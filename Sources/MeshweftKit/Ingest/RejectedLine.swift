/// A rejected line for people: where, why, and its beginning with nothing dangerous in it.
public struct RejectedLine: Sendable, Equatable {
  /// The log's name.
  public internal(set) var source: String
  /// 1-based.
  public internal(set) var line: Int64
  /// Why, and what to do.
  public internal(set) var reason: String
  /// Escaped; empty where the line is gone (it was too long).
  public internal(set) var excerpt: String
}
