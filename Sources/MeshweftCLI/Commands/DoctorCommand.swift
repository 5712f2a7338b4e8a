internal import ArgumentParser
internal import MeshweftKit

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "doctor", "Say which logs, lines and fields are missing for full traces, and how to get them.",
    examples: ["meshweft doctor"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: OutputOption

  func run() throws {
    try reporting { try output.show(Doctor(database: database.resolved)) }
  }
}
