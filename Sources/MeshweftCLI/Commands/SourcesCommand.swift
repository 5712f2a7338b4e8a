internal import ArgumentParser
internal import MeshweftKit

struct SourcesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "sources", "List the logs in the database: roles, hops, first and last line, gaps.",
    examples: ["meshweft sources", "meshweft sources -o wide"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: OutputOption

  func run() throws {
    try reporting { try output.show(SourceListing(database: database.resolved)) }
  }
}
