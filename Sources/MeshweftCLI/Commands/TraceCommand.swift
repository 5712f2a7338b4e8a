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
  @Argument(help: "A request id, a trace id, or its first 8 characters or more.") var id: String

  enum Form: String, ExpressibleByArgument, CaseIterable { case table, json, otlp }

  func run() throws {
    try reporting {
      for trace in try TraceLookup(database: database.resolved).find(id) {
        switch form {
        case .table: try Terminal.output(TraceText(trace, explains: explain, ink: colour.ink).text)
        case .json: try Terminal.output(trace.json)
        case .otlp: try Terminal.output(trace.otlp)
        }
      }
    }
  }
}
