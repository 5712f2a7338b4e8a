internal import ArgumentParser
internal import MeshweftKit

/// `-o` of commands that do something and say in a line what.
struct SummaryOption: ParsableArguments {
  enum Form: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "text: a summary on standard error. json: one object on standard output.")
  var form: Form = .text

  /// What an ingest did; `text` is the summary for people.
  func show(_ summary: IngestSummary, text: String) throws {
    summary.notes.forEach(Terminal.note)
    summary.inputErrors.forEach { Terminal.note("meshweft: \($0)") }
    switch form {
    case .json: try Terminal.output(summary.json)
    case .text: Terminal.errorText(text)
    }
  }
}
