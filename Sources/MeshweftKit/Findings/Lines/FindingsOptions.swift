/// What `meshweft findings` is asked.
public struct FindingsOptions: Sendable {
  /// `host:port`, `host`, or its first labels; nil for all.
  public var service: String?
  /// Of starts.
  public var window = TimeWindow()
  /// Names of kinds; none for all.
  public var kinds: [String] = []
  /// The least that is shown.
  public var minimum = FindingSeverity.info
  /// The service's endpoints, to see those that served nothing.
  public var endpoints: EndpointList?
  /// A kind or a severity: what counts as a failure of the command.
  public var failOn: FindingTrigger?

  /// Everything.
  public init() {}
}
