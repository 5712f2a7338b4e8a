internal import ArgumentParser
internal import MeshweftKit

struct PathsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "paths",
    abstract: "Which ways requests took across the mesh: counts, failures, times, border cost.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: OutputOption
  @Option(help: "host:port, the host, or its first labels (httpbin.default).") var service: String?

  func run() throws {
    try reporting {
      let paths = PathsReport(database: database.resolved, service: service, window: window.window)
      try output.print(paths.report())
    }
  }
}

struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "What each host got over time: requests, rate, in flight, connections, bytes.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: OutputOption
  @Option(
    help: ArgumentHelp(
      "Time in a row: whole minutes (1m, 15m, 1h), or auto: few enough rows.", valueName: "duration"))
  var bucket = "auto"
  @Option(help: "host, service, source or proxy.") var by: LoadOptions.Grouping = .host
  @Argument(help: "host:port, the host, or its first labels (httpbin.default).") var service: String?

  func run() throws {
    try reporting {
      var options = LoadOptions()
      options.service = service
      options.window = window.window
      options.bucket = bucket
      options.grouping = by
      try output.print(LoadReport(database: database.resolved, options: options).report())
    }
  }
}

struct ImbalanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "imbalance", abstract: "How evenly a service's hosts are used; if not, why, and what helps.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: OutputOption
  @Option(
    help: ArgumentHelp(
      "The service's endpoints, to see idle ones: kubectl's JSON, or lines of ADDRESS[:PORT] [POD].",
      valueName: "file"),
    completion: .file())
  var endpoints: String?
  @Option(help: ArgumentHelp("Exit with 1 beyond it: max-mean=1.5.", valueName: "limit")) var failOn: String?
  @Argument(help: "host:port, the host, or its first labels (httpbin.default).") var service: String?

  func run() throws {
    try reporting {
      var options = ImbalanceOptions()
      options.service = service
      options.window = window.window
      options.endpoints = endpoints
      options.failOn = failOn
      let report = try ImbalanceReport(database: database.resolved, options: options)
      report.notes.forEach(Terminal.note)
      try Terminal.show { try report.render(as: output.form, ink: output.colour.ink, $0) }
      report.findings.forEach { Terminal.note("meshweft: " + $0) }
      if !report.findings.isEmpty { throw ExitCode.finding }
      // A gate that cannot be judged is not passed.
      if failOn != nil, report.isPartial { throw ExitCode.failed }
    }
  }
}
