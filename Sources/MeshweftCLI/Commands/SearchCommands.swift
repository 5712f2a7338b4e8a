internal import ArgumentParser
internal import MeshweftKit

struct TracesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "traces",
    abstract: "Search traces: the newest, the slowest, the failed, those that cross a border.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: OutputOption
  @Option(help: "host:port, the host, or its first labels (httpbin.default).") var service: String?
  @Option(help: ArgumentHelp("Paths that match (/cart/*).", valueName: "glob")) var path: String?
  @Option(help: "A status (404) or a class of them (5xx).") var status: String?
  @Option(help: "Response flags that are all set (UF or UF,URX).") var flag: String?
  @Option(help: ArgumentHelp("Hops that took as long or longer (250ms, 2s).", valueName: "duration"))
  var minDuration: String?
  @Option(help: ArgumentHelp("The mesh cluster that a request left.", valueName: "mesh-cluster"))
  var from: String?
  @Option(help: ArgumentHelp("The mesh cluster that served it.", valueName: "mesh-cluster")) var to: String?
  @Option(help: ArgumentHelp("At most so many traces.", valueName: "n")) var limit = 20
  @Option(help: "slowest, newest or border-cost.") var sort: TraceSearchOptions.Order = .newest

  func run() throws {
    try reporting {
      var options = TraceSearchOptions()
      options.window = window.window
      options.service = service
      options.path = path
      options.status = status
      options.flag = flag
      options.minimumDuration = minDuration
      options.from = from
      options.to = to
      options.limit = limit
      options.order = sort
      try output.print(TraceSearch(database: database.resolved, options: options).report())
    }
  }
}

struct ClocksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clocks", abstract: "How far the mesh clusters' clocks are apart, as their requests tell.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: OutputOption

  func run() throws {
    try reporting { try output.print(ClockReport(database: database.resolved).report()) }
  }
}
