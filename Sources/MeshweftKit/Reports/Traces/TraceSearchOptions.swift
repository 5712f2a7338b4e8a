/// What `meshweft traces` is asked; nil is no restriction. One hop of a trace has to match all of it.
public struct TraceSearchOptions: Sendable {
  /// Which traces come first.
  public enum Order: String, Sendable, CaseIterable {
    case slowest, newest
    /// By the client's duration less the server's.
    case borderCost = "border-cost"
  }

  /// Of the matching hop's start.
  public var window = TimeWindow()
  /// `host:port`, `host`, or its first labels.
  public var service: String?
  /// GLOB on the path.
  public var path: String?
  /// `503` or `5xx`
  public var status: StatusFilter?
  /// `UF`, or several: `UF,URX`
  public var flag: String?
  /// Of a hop.
  public var minimumDuration: TypedDuration?
  /// The mesh cluster of a leg's client.
  public var from: String?
  /// The mesh cluster of a leg's server.
  public var to: String?
  /// Traces at most.
  public var limit = 20
  /// Which traces come first.
  public var order = Order.newest

  /// The newest traces.
  public init() {}
}
