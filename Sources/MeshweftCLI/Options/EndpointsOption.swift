internal import ArgumentParser
internal import MeshweftKit

/// `--endpoints`
struct EndpointsOption: ParsableArguments {
  @Option(
    name: .customLong("endpoints"),
    help: ArgumentHelp(
      "The service's endpoints, to see hosts without requests: `kubectl get endpoints NAME -o json`, or a line ADDRESS[:PORT] [POD] for each.",
      valueName: "file"),
    completion: .file())
  var file: String?

  /// What the file lists; it may not be one of the database's.
  func list(beside database: DatabaseOption) throws -> EndpointList? {
    try file.map { try EndpointList(file: $0, database: database.resolved) }
  }
}
