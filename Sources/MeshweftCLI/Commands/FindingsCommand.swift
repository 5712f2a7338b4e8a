internal import ArgumentParser
internal import MeshweftKit

struct FindingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "findings", "Say what stands out in spread, failures and logs: why, the evidence, and what helps.",
    "`-o wide` and `-o json` include Kubernetes manifests to apply. docs/reference/findings.md explains each kind.",
    examples: [
      "meshweft findings", "meshweft findings httpbin --min-severity warning -o wide",
      "meshweft findings --kind connection_pinning -o json",
    ])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: OutputOption
  @Option(
    name: .customLong("kind"),
    help: ArgumentHelp("Only findings of this kind; give it again for another.", valueName: "kind"))
  var kinds: [String] = []
  @Option(help: "Only findings of this severity or a higher one: info, warning or critical.")
  var minSeverity: FindingSeverity = .info
  @OptionGroup var endpoints: EndpointsOption
  @Option(
    help: ArgumentHelp(
      "Exit with 1 if there is a finding of this kind, or of this severity or a higher one.",
      valueName: "what"))
  var failOn: String?
  @OptionGroup var service: ServiceArgument

  func run() throws {
    try reporting {
      var options = FindingsOptions()
      options.service = service.name
      options.window = window.window
      options.kinds = kinds
      options.minimum = minSeverity
      options.endpoints = try endpoints.list(beside: database)
      options.failOn = try failOn.map(FindingTrigger.init)
      try output.show(FindingsReport(database: database.resolved, options: options))
    }
  }
}
