internal import ArgumentParser
internal import MeshweftKit

struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "load", "Show the load of each host over time: requests, rate, in flight, connections, bytes.",
    """
    Rates and requests in flight are means over the part of each bucket for which there are logs. By host, every attempt counts, \
    retries too; else every request counts once.
    """,
    examples: ["meshweft load httpbin", "meshweft load --by source --bucket 1m -o csv"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: OutputOption
  @Option(
    help: ArgumentHelp(
      "The time of one row, in whole minutes (1m, 15m, 1h), or auto, which keeps the table short.",
      valueName: "duration"))
  var bucket = "auto"
  @Option(help: "What a row is about: a host, a service, a source (the calling pod) or a proxy.")
  var by: LoadOptions.Grouping = .host
  @OptionGroup var service: ServiceArgument

  func run() throws {
    try reporting {
      var options = LoadOptions()
      options.service = service.name
      options.window = window.window
      options.bucket = try BucketWidth(bucket)
      options.grouping = by
      try output.show(LoadReport(database: database.resolved, options: options))
    }
  }
}
