/// Which hops a listing shows.
public struct HopListingOptions: Sendable {
  /// When they started.
  public var window = TimeWindow()
  /// GLOB on the log's name.
  public var source: String?
  /// `host:port`, the host, or its first labels.
  public var service: String?
  /// `404` or `5xx`.
  public var status: String?
  /// client, server, proxy, gateway, unknown
  public var role: String?
  /// `NAME=VALUE` each: the text that a hop has in a field, `grpc_status=14`.
  public var fields: [String] = []
  /// At most so many.
  public var limit: Int?

  /// All hops.
  public init() {}
}
