internal import ArgumentParser
internal import MeshweftKit

struct CorrelateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "correlate", "Link lines into traces: those of `ingest --no-correlate`, or all again.",
    """
    Lines that are not linked yet are always linked. With a window of time or --all, links that are there already are made \
    again. Time is linked in pieces, so a window also covers the rest of the pieces that it touches.
    """,
    examples: ["meshweft correlate", "meshweft correlate --since 10m"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: SummaryOption
  @Flag(help: "Link everything again.") var all = false

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
