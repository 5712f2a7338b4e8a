internal import ArgumentParser
internal import MeshweftKit

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write what was found out for other programs.",
    subcommands: [ExportTracesCommand.self])
}

struct ExportTracesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "traces", abstract: "Write every trace, one JSON object per line.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @Option(help: "ndjson") var format: Format = .ndjson

  enum Format: String, ExpressibleByArgument, CaseIterable { case ndjson }

  func run() throws {
    try reporting {
      let export = TraceExport(database: database.resolved, window: window.window)
      try export.write(to: Terminal.output).forEach(Terminal.note)
    }
  }
}

struct CorrelateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "correlate", abstract: "Link what was ingested with --no-correlate, or link again.",
    discussion: """
      What is new is linked in any case. Time is cut into pieces that are linked as a whole: those that a window reaches \
      into are linked again.
      """)

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: SummaryOption
  @Flag(help: "Correlate everything again, whether or not anything is new.") var all = false

  func validate() throws {
    if all, !window.isEverything { throw ValidationError("give --all or a window of time, not both") }
  }

  func run() throws {
    try reporting(.undoing) {
      let again: Correlate.Again = all ? .all : window.isEverything ? .none : .within(window.window)
      let summary = try Correlate(database: database.resolved).run(again: again)
      summary.notes.forEach(Terminal.note)
      if output.form == .json { return try Terminal.output(summary.json) }
      Terminal.note(summary.text)
    }
  }
}
