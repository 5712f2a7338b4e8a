/// What `meshweft imbalance` is asked.
public struct ImbalanceOptions: Sendable {
  /// `host:port`, `host`, or its first labels; nil for all.
  public var service: String?
  /// Of starts, made longer to whole minutes.
  public var window = TimeWindow()
  /// The service's endpoints, to see those that served nothing.
  public var endpoints: EndpointList?
  /// `max-mean=1.5`: what counts as a finding.
  public var failOn: FailOn?

  /// Every service, over all time.
  public init() {}
}
