internal import ArgumentParser
internal import MeshweftKit

struct TracesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "traces", "Search for traces: the newest, the slowest, the failed, those that cross a border.",
    "A trace is found where one of its hops fits all options. `meshweft trace` shows one; 8 characters of its id will do.",
    examples: [
      "meshweft traces --sort slowest --limit 5", "meshweft traces --status 5xx --service httpbin",
      "meshweft traces --from ack1 --to ack2 --min-duration 100ms",
    ])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: OutputOption
  @OptionGroup var service: ServiceOption
  @Option(help: ArgumentHelp("Only paths that match (/cart/*).", valueName: "glob")) var path: String?
  @Option(help: "Only this status (404), or a class of them (5xx).") var status: String?
  @Option(
    help:
      "Only hops with all of these response flags (UF or UF,URX), or whose connection has them in its proxy's line."
  ) var flag: String?
  @Option(help: ArgumentHelp("Only hops that took this long or longer (250ms, 2s).", valueName: "duration"))
  var minDuration: String?
  @Option(help: ArgumentHelp("Only requests from this mesh cluster.", valueName: "mesh-cluster"))
  var from: String?
  @Option(help: ArgumentHelp("Only requests that this mesh cluster served.", valueName: "mesh-cluster"))
  var to: String?
  @Option(help: ArgumentHelp("At most so many traces.", valueName: "n")) var limit = 20
  @Option(help: "What comes first: newest, slowest or border-cost.") var sort: TraceSearchOptions.Order =
    .newest

  func run() throws {
    try reporting {
      var options = TraceSearchOptions()
      options.window = window.window
      options.service = service.name
      options.path = path
      options.status = try status.map(StatusFilter.init)
      options.flag = flag
      options.minimumDuration = try minDuration.map(TypedDuration.init(minimum:))
      options.from = from
      options.to = to
      options.limit = limit
      options.order = sort
      try output.show(TraceSearch(database: database.resolved, options: options))
    }
  }
}
