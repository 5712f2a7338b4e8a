// MeshweftCLI: options, terminal, exit codes. Each command builds a library value, runs it and prints what it gives.

internal import ArgumentParser
internal import MeshweftKit

@main
struct Meshweft: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "meshweft",
    abstract: "End-to-end traces, cross-cluster paths and load from the access logs of a service mesh.",
    discussion: """
      Feed it the Envoy access logs of sidecars and cross-network proxies, then ask:

        kubectl logs deploy/sleep -c istio-proxy --prefix --timestamps | meshweft ingest --mesh-cluster ack1 -
        meshweft ingest logs/
        meshweft trace 08dc43e9-60c8-4f2f-910a-b727172ce311
        meshweft imbalance
      """,
    version: MeshweftVersion.text,
    subcommands: [
      IngestCommand.self, TraceCommand.self, TracesCommand.self, PathsCommand.self, LoadCommand.self,
      FindingsCommand.self, ImbalanceCommand.self, DoctorCommand.self, ReportCommand.self, GraphCommand.self,
      MetricsCommand.self,
      ExplainCommand.self,
      ClocksCommand.self, HopsCommand.self, SourcesCommand.self, QueryCommand.self, ExportCommand.self,
      CorrelateCommand.self, PruneCommand.self, CheckCommand.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot(FurtherInputs.setAside(Arguments.all))
      try command.run()
    } catch {
      exit(withError: written(error))
    }
  }

  /// Help, the version and completions are output like any other: whether it could be written is in the exit code.
  private static func written(_ error: any Error) -> any Error {
    let text = fullMessage(for: error, columns: nil)
    guard exitCode(for: error).isSuccess, !text.isEmpty else { return error }
    Signals.ignoreWriteSignals()
    do {
      try Terminal.output(text + "\n")
      return ExitCode.success
    } catch {
      return error
    }
  }
}
