internal import ArgumentParser
internal import MeshweftKit

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "export", "Write traces for other programs.", subcommands: [ExportTracesCommand.self])
}
