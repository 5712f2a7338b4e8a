internal import ArgumentParser
internal import MeshweftKit

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "explain", "Say what Envoy's response flags mean and what usually causes them.",
    examples: ["meshweft explain UF,URX", "meshweft explain"])

  /// Not looked at: every command takes it, so that a shell's alias may give it.
  @OptionGroup(visibility: .hidden) var database: DatabaseOption
  @OptionGroup var output: OutputOption
  @Argument(help: "Flags, short or long (UF,URX); all where none is given.") var flags: [String] = []

  func run() throws {
    try reporting { try output.show(FlagGuide(flags: flags.joined(separator: ","))) }
  }
}
