/// What `meshweft load` is asked.
public struct LoadOptions: Sendable {
  /// What one row is about.
  public enum Grouping: String, Sendable, CaseIterable {
    case host, service, source, proxy
  }

  /// `host:port`, `host`, or its first labels; nil for all.
  public var service: String?
  /// Of starts, made longer to whole minutes.
  public var window = TimeWindow()
  /// The time of a row.
  public var bucket = BucketWidth.fitting
  /// What one row is about.
  public var grouping = Grouping.host

  /// Every service by host, in buckets of a fitting width.
  public init() {}
}
