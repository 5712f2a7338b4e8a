internal import ArgumentParser
internal import MeshweftKit

struct HopsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hops", abstract: "List hops: what each proxy logged, in the order of their start.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: OutputOption

  @Option(help: ArgumentHelp("Logs whose name matches (ack1.*).", valueName: "glob")) var source: String?
  @Option(help: "host:port, the host, or its first labels (httpbin.default).") var service: String?
  @Option(help: "A status (404) or a class of them (5xx).") var status: String?
  @Option(help: "client, server, proxy, gateway or unknown.") var role: String?
  @Option(help: ArgumentHelp("At most so many hops.", valueName: "n")) var limit: Int?

  func validate() throws {
    if let role, !["client", "server", "proxy", "gateway", "unknown"].contains(role) {
      throw ValidationError("--role takes client, server, proxy, gateway or unknown")
    }
    if let limit, limit < 1 { throw ValidationError("--limit takes a number of 1 or more") }
  }

  func run() throws {
    try reporting {
      var options = HopListingOptions()
      options.window = window.window
      options.source = source
      options.service = service
      options.status = status
      options.role = role
      options.limit = limit
      let listing = HopListing(database: database.resolved, options: options)
      try listing.write(as: output.form, to: Terminal.output).forEach(Terminal.note)
    }
  }
}
