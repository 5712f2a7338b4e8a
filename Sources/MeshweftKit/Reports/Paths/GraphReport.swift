/// `meshweft graph`: the paths as a picture that others draw.
public struct GraphReport: Reporting {
  private let database: String
  private let service: String?
  private let window: TimeWindow

  /// Whose language the picture is in.
  public enum Form: String, Sendable, CaseIterable { case dot, mermaid }

  /// Draws the paths of the store at `database`; `service` is `host:port`, `host`, its first labels, or nil for all.
  public init(database: String, service: String? = nil, window: TimeWindow = TimeWindow()) {
    self.database = database
    self.service = service
    self.window = window
  }

  /// Notes first, then the picture.
  public func write(as form: Form, to output: some ReportOutput) throws -> ReportVerdict {
    let summary = try PathsReport(database: database, service: service, window: window).summary()
    summary.notes.forEach(output.note)
    try output.take(Array(PathGraph(summary.paths).text(form).utf8))
    return .fine
  }
}
