internal import ArgumentParser
internal import MeshweftKit

/// The service that a report is about, named without an option.
struct ServiceArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Only this service: host:port, the host, or its first labels (httpbin, httpbin:8000, httpbin.default).",
      valueName: "service"), transform: ServiceName.canonical)
  var name: String?
}
