internal import ArgumentParser
internal import MeshweftKit

struct HopsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "hops", "List hops in the order of their start. A hop is one line of an access log.",
    examples: [
      "meshweft hops --status 5xx --limit 10",
      "meshweft hops --field response_code_details=via_upstream --limit 10",
      "meshweft hops --source 'ack1.*' --role client --limit 10 -o json",
    ])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: OutputOption

  @Option(help: ArgumentHelp("Only logs whose name matches (ack1.*).", valueName: "glob")) var source: String?
  @OptionGroup var service: ServiceOption
  @Option(help: "Only this status (404), or a class of them (5xx).") var status: String?
  @Option(help: "Only hops of this role: client, server, proxy, gateway or unknown.") var role: String?
  @Option(
    help: ArgumentHelp(
      "Only hops with this text in a field: grpc_status=14. Several must all hold.", valueName: "name=value"))
  var field: [String] = []
  @Option(help: ArgumentHelp("At most so many hops.", valueName: "n")) var limit: Int?

  func validate() throws {
    if let role, HopRole(rawValue: role) == nil {
      throw ValidationError("--role takes client, server, proxy, gateway or unknown")
    }
    if let limit, limit < 1 { throw ValidationError("--limit takes a number of 1 or more") }
  }

  func run() throws {
    try reporting {
      var options = HopListingOptions()
      options.window = window.window
      options.source = source
      options.service = service.name
      options.status = try status.map(StatusFilter.init)
      options.role = role.flatMap(HopRole.init)
      options.fields = try field.map(FieldFilter.init)
      options.limit = limit
      try output.show(HopListing(database: database.resolved, options: options), .asTheyCome)
    }
  }
}
