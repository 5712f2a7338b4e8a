// MeshweftCLI: options, terminal, exit codes. Each command builds a library value, runs it and prints what it gives.

internal import ArgumentParser
internal import MeshweftKit

@main
struct Meshweft: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "meshweft",
    abstract: "Traces, paths and load of a service mesh, from the access logs that it writes already.",
    discussion: """
      Feed it the Envoy access logs of sidecars and cross-network proxies, then ask:

        meshweft ingest SampleLogs
        meshweft trace 67cffdb2
        meshweft imbalance

      Words: a hop is one line of an access log. A trace is a request with \
      all calls that it caused. A border lies between two mesh clusters. A \
      carrier is a connection of the cross-network proxy there; one carries \
      many requests.

      Exit status: 0 fine; 1 a finding under --fail-on; 2 failed; 64 wrong \
      usage; 129, 130, 143 ended by a signal. `man meshweft` has more.
      """,
    version: MeshweftVersion.text,
    subcommands: [
      CollectCommand.self, IngestCommand.self, TraceCommand.self, TracesCommand.self, PathsCommand.self,
      LoadCommand.self,
      FindingsCommand.self, ImbalanceCommand.self, DoctorCommand.self, ReportCommand.self, GraphCommand.self,
      MetricsCommand.self, ExplainCommand.self, ClocksCommand.self, HopsCommand.self, SourcesCommand.self,
      QueryCommand.self, ExportCommand.self,
      CorrelateCommand.self, PruneCommand.self, CheckCommand.self,
    ])

  static func main() {
    if let mistake = UnknownCommand.message(Arguments.all) {
      Terminal.note("meshweft: " + mistake)
      exit(withError: ExitCode.validationFailure)
    }
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
