internal import ArgumentParser
internal import MeshweftKit

struct ImbalanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "imbalance", "Show how evenly a service's hosts are used and, if they are not, why and what helps.",
    examples: [
      "meshweft imbalance httpbin", "meshweft imbalance --fail-on max-mean=3",
      "meshweft imbalance productpage -o json",
    ])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: OutputOption
  @OptionGroup var endpoints: EndpointsOption
  @Option(
    help: ArgumentHelp(
      "Exit with 1 if the busiest host of a service gets more than so many times the mean: max-mean=1.5.",
      valueName: "limit"))
  var failOn: String?
  @OptionGroup var service: ServiceArgument

  func run() throws {
    try reporting {
      var options = ImbalanceOptions()
      options.service = service.name
      options.window = window.window
      options.endpoints = try endpoints.list(beside: database)
      options.failOn = try failOn.map(FailOn.init)
      try output.show(ImbalanceReport(database: database.resolved, options: options))
    }
  }
}
