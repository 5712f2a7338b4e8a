internal import ArgumentParser
internal import MeshweftKit

/// `--service`
struct ServiceOption: ParsableArguments {
  @Option(
    name: .customLong("service"),
    help: ArgumentHelp(
      "Only this service: host:port, the host, or its first labels (httpbin, httpbin:8000, httpbin.default).",
      valueName: "service"), transform: ServiceName.canonical)
  var name: String?
}
