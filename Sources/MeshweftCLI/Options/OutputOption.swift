internal import ArgumentParser
internal import MeshweftKit

/// `-o`, taken by every command that lists.
struct OutputOption: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help:
      "table, wide, json, ndjson or csv. A table leaves out columns that the terminal has no room for; wide has all."
  )
  var form: OutputForm = .table

  @OptionGroup var colour: ColourOption

  /// Shows a report in the form that was asked for.
  func show(_ report: some Reporting<OutputForm>, _ pace: TerminalOutput.Pace = .together) throws {
    try report.show(as: form, ink: colour.ink, pace)
  }
}
