internal import ArgumentParser

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
