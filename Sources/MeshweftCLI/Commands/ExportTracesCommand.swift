internal import ArgumentParser
internal import MeshweftKit

struct ExportTracesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "traces", "Write every trace as one line of JSON.",
    examples: ["meshweft export traces --since 1m > traces.ndjson"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @Option(help: "ndjson, the only format so far.") var format: TraceExport.Form = .ndjson

  func run() throws {
    try reporting {
      let export = TraceExport(database: database.resolved, window: window.window)
      try export.show(as: format, isPaged: false, .asTheyCome)
    }
  }
}
