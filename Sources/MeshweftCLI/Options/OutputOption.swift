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

  func print(_ report: Report) throws {
    report.notes.forEach(Terminal.note)
    try Terminal.show { try report.render(as: form, ink: colour.ink, $0) }
  }
}
