internal import ArgumentParser
internal import MeshweftKit

struct ClocksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "clocks", "Show how far the mesh clusters' clocks are apart, judged by their requests.",
    examples: ["meshweft clocks"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: OutputOption

  func run() throws {
    try reporting { try output.show(ClockReport(database: database.resolved)) }
  }
}
