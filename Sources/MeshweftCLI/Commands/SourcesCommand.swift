internal import ArgumentParser
internal import MeshweftKit

struct SourcesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sources", abstract: "List the logs in the database: roles, hops, first and last time, gaps."
  )

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: OutputOption

  func run() throws {
    try reporting { try output.print(SourceListing(database: database.resolved).report()) }
  }
}
