internal import ReportPage
internal import TraceStore

/// `meshweft report`: one HTML file with the mesh's map, its paths, load, imbalance, latency and traces.
///
/// The file needs nothing else, loads nothing, and is a function of the store and the options alone. Its size is
/// bounded by `PageLimits`, whatever the store's.
public struct HTMLReport: Sendable {
  /// The page, UTF-8.
  public let bytes: [UInt8]
  /// Sentences for standard error.
  public let notes: [String]
  let database: String

  /// Reads the store at `database`, all of it at one moment.
  /// - Throws: `UsageError`, `StoreError`
  public init(database: String, options: HTMLReportOptions) throws {
    self.database = database
    let data = try HTMLReport.data(database, options)
    bytes = ReportPage(title: Shown.text(options.title, limit: 200), json: data.json).bytes
    notes = data.notes
  }

  static func data(_ database: String, _ options: HTMLReportOptions) throws -> PageData {
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
