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
      "The database file. Default: $MESHWEFT_DB, else meshweft.db in the current folder.", valueName: "file"),
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

/// `--since`, `--since-time`, `--until`, taken by every command that reports on a stretch of time.
struct WindowOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only requests from the last DURATION (10m, 1h30m, 7d), counted back from the newest line; or as --since-time.",
      valueName: "duration"))
  var since: String?
  @Option(
    help: ArgumentHelp(
      "Only requests that started at this time (RFC 3339: 2026-11-23T02:15:00Z) or later.", valueName: "time")
  )
  var sinceTime: String?
  @Option(
    help: ArgumentHelp(
      "Only requests that started before this time; a DURATION counts back from the newest line.",
      valueName: "time"))
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

  @Option(help: "Colours: auto (on a terminal, unless NO_COLOR is set), always or never.") var color: When =
    .auto

  var ink: Ink {
    let isOn =
      switch color {
      case .always: true
      case .never: false
      case .auto: Terminal.outputIsTerminal && !Terminal.isSet("NO_COLOR") && !Terminal.isDumb
      }
    return Ink(isOn: isOn, columns: Terminal.outputColumns)
  }
}

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

/// `-o` of commands that do something and say in a line what.
struct SummaryOption: ParsableArguments {
  enum Form: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: "text: a summary on standard error. json: one object on standard output.")
  var form: Form = .text
}

/// `--service`
struct ServiceOption: ParsableArguments {
  @Option(
    name: .customLong("service"),
    help: ArgumentHelp(
      "Only this service: host:port, the host, or its first labels (httpbin, httpbin:8000, httpbin.default).",
      valueName: "service"), transform: ServiceName.canonical)
  var name: String?
}

/// The service that a report is about, named without an option.
struct ServiceArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Only this service: host:port, the host, or its first labels (httpbin, httpbin:8000, httpbin.default).",
      valueName: "service"), transform: ServiceName.canonical)
  var name: String?
}

/// `--endpoints`
struct EndpointsOption: ParsableArguments {
  @Option(
    name: .customLong("endpoints"),
    help: ArgumentHelp(
      "The service's endpoints, to see hosts without requests: `kubectl get endpoints NAME -o json`, or a line ADDRESS[:PORT] [POD] for each.",
      valueName: "file"),
    completion: .file())
  var file: String?
}
