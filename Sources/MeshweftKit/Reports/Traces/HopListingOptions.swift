/// Which hops a listing shows.
public struct HopListingOptions: Sendable {
  /// When they started.
  public var window = TimeWindow()
  /// GLOB on the log's name.
  public var source: String?
  /// `host:port`, the host, or its first labels.
  public var service: String?
  /// Of responses.
  public var status: StatusFilter?
  /// What the proxy was for the line.
  public var role: HopRole?
  /// All of which hold of a hop.
  public var fields: [FieldFilter] = []
  /// At most so many.
  public var limit: Int?

  /// All hops.
  public init() {}
}
