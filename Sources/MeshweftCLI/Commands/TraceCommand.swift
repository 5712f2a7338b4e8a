internal import ArgumentParser
internal import MeshweftKit

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "trace", "Show one request as a waterfall, across the border and back.",
    """
    A hop is one line of an access log; a leg is one call, from the client's hop to the server's. What the border cost is the \
    client's time less the server's. The carrier is the connection of a cross-network proxy that the request went over.
    """,
    examples: [
      "meshweft trace 67cffdb2-ebde-4367-96dd-a2557a745c54", "meshweft trace 67cffdb2 --explain",
      "meshweft trace 67cffdb2 -o otlp > trace.json",
    ])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var colour: ColourOption
  @Flag(help: "Also say why hops belong together and how sure that is.") var explain = false
  @Option(
    name: [.customShort("o"), .customLong("output")], help: "table, json, or otlp for Jaeger and Tempo.")
  var form: TraceReport.Form = .table
  @Argument(
    help:
      "A request id or trace id, or of a UUID or hex id the first 8 digits or more; a log and a line (sleep.log:17); or the start time of a hop."
  )
  var id: String

  func run() throws {
    try reporting {
      let report = TraceReport(database: database.resolved, id: id, explains: explain)
      try report.show(as: form, ink: colour.ink, .asTheyCome)
    }
  }
}
