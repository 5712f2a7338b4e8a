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
}
