public import ArgumentParser
public import MeshweftKit

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// `--db`, taken by every command.
struct DatabaseOption: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "The database file. Default: $MESHWEFT_DB, else meshweft.db in this folder.", valueName: "file"),
    completion: .file(extensions: ["db"]))
  var path: String?

  var resolved: String {
    if let path { return path }
    if let variable = unsafe getenv("MESHWEFT_DB") {
      let value = unsafe Arguments.text(variable)
      if !value.isEmpty { return value }
    }
    return "meshweft.db"
  }
}

/// `--since`, `--since-time`, `--until`, taken by every command that reports.
struct WindowOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only what started so long before the newest line (10m, 1h30m, 7d).", valueName: "duration"))
  var since: String?
  @Option(help: ArgumentHelp("Only what started at or after this time (RFC 3339).", valueName: "time"))
  var sinceTime: String?
  @Option(help: ArgumentHelp("Only what started before this time (RFC 3339).", valueName: "time"))
  var until: String?

  var isEverything: Bool { since == nil && sinceTime == nil && until == nil }

  var window: TimeWindow {
    var window = TimeWindow()
    window.since = since
    window.sinceTime = sinceTime
    window.until = until
    return window
  }
}

extension OutputForm: ExpressibleByArgument {}
extension FindingSeverity: ExpressibleByArgument {}
extension LoadOptions.Grouping: ExpressibleByArgument {}
extension PathGraph.Language: ExpressibleByArgument {}
extension TraceSearchOptions.Order: ExpressibleByArgument {}

/// `--color`, taken by every command that writes for people.
struct ColourOption: ParsableArguments {
  enum When: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

  @Option(help: "auto (on a terminal, unless NO_COLOR is set), always or never.") var color: When = .auto

  var ink: Ink {
    switch color {
    case .always: Ink(isOn: true)
    case .never: .none
    case .auto: Ink(isOn: Terminal.outputIsTerminal && !Terminal.isSet("NO_COLOR") && !Terminal.isDumb)
    }
  }
}

/// `-o`, taken by every command that lists.
struct OutputOption: ParsableArguments {
  @Option(name: [.customShort("o"), .customLong("output")], help: "table, wide, json, ndjson or csv.")
  var form: OutputForm = .table

  @OptionGroup var colour: ColourOption

  func print(_ report: Report) throws {
    report.notes.forEach(Terminal.note)
    try Terminal.show { try report.render(as: form, ink: colour.ink, $0) }
  }
}

/// `-o` of commands that do something and say in a line what.
struct SummaryOption: ParsableArguments {
  enum Form: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "text: a line for people on standard error. json: one object on standard output at the end.")
  var form: Form = .text
}
