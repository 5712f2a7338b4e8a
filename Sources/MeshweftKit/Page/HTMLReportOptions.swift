/// What `meshweft report` is asked.
public struct HTMLReportOptions: Sendable {
  /// Of starts, made longer to whole minutes.
  public var window = TimeWindow()
  /// `host:port`, `host`, or its first labels; nil for all.
  public var service: String?
  /// Above the page, and in the browser's tab.
  public var title = "Mesh report"
  /// When the page is made, microseconds since the epoch; nil leaves it out, so that the same store gives the same bytes.
  public var generatedAt: Int64?

  /// Every service, over all time.
  public init() {}
}
