internal import ReportPage
internal import TraceStore

/// `meshweft report`: one HTML file with the mesh's map, its paths, load, imbalance, latency and traces.
///
/// The file needs nothing else, loads nothing, and is a function of the store and the options alone. Its size is
/// bounded by `PageLimits`, whatever the store's.
public struct HTMLReport: Reporting {
  let database: String
  private let options: HTMLReportOptions

  /// The only form.
  public enum Form: Sendable { case html }

  /// Reports on the store at `database`.
  public init(database: String, options: HTMLReportOptions) {
    self.database = database
    self.options = options
  }

  /// Notes first, then the page, UTF-8.
  public func write(as form: Form, to output: some ReportOutput) throws -> ReportVerdict {
    let data = try read()
    data.notes.forEach(output.note)
    try output.take(ReportPage(title: Shown.text(options.title, limit: 200), json: data.json).bytes)
    return .fine
  }

  /// All of it at one moment.
  func read() throws -> PageData {
    let reader = try UpToDateStore.reader(database)
    return try reader.snapshot {
      let table = try LegTable(reader, service: options.service, window: options.window)
      let cube = try PageCube(table, reader)
      let traces = try PageTraces(
        reader, service: options.service, services: cube.services.map(\.spread.service), window: table.window)
      let lines = try FindingLines(reader, since: table.window.since, until: table.window.until)
      let context = try FindingContext(
        lines, service: options.service, endpoints: nil, try KnownEndpoints(reader))
      let found = try FindingKinds.find(context, reader, service: options.service)
      return PageData(
        title: options.title, generatedAt: options.generatedAt, window: table.window,
        notes: table.window.notes + FindingsReport.notes(lines), cube: cube,
        seconds: try PageSeconds.series(reader, table, cube), sources: try reader.sources(), traces: traces,
        findings: found, missing: try Doctor.findings(reader, service: options.service))
    }
  }
}
