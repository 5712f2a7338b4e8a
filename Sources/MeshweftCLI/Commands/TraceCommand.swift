internal import ArgumentParser
internal import MeshweftKit

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Show what became of one request, across the border and back.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOption
  @Flag(help: "Say what every link rests on.") var explain = false
  @Option(name: [.customShort("o"), .customLong("output")], help: "table, json or otlp.") var form: Form =
    .table
  @Argument(
    help: "A request id, a trace id, or its first 8 characters or more; a log and line (a.log:17); a start.")
  var id: String

  enum Form: String, ExpressibleByArgument, CaseIterable { case table, json, otlp }

  /// Traces that a terminal gets at most: one id that a client uses for everything names thousands.
  private static let shownTraces = 20

  func run() throws {
    try reporting {
      let lookup = TraceLookup(database: database.resolved)
      let limit = form == .table ? Self.shownTraces : .max
      let found = try lookup.forEach(id, limit: limit, note: Terminal.note) {
        try Terminal.output(rendered($0))
      }
      if found > limit { Terminal.note("\(found - limit) more traces have this id: -o json has all") }
    }
  }

  private func rendered(_ trace: TraceView) -> [UInt8] {
    switch form {
    case .table: Array(TraceText(trace, explains: explain, ink: colour.ink).text.utf8)
    case .json: trace.json
    case .otlp: trace.otlp
    }
  }
}
