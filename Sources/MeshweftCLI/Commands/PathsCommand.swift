internal import ArgumentParser
internal import MeshweftKit

struct PathsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "paths", "Show which ways requests took through the mesh: how many, how many failed, how long they took.",
    """
    A path leads from a workload over cross-network proxies to a workload. The border cost of a request is the client's time less \
    the server's. The carrier is the proxy's connection that a request went over.
    """,
    examples: ["meshweft paths", "meshweft paths --service httpbin --since 10m -o wide"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: OutputOption
  @OptionGroup var service: ServiceOption

  func run() throws {
    try reporting {
      let paths = PathsReport(database: database.resolved, service: service.name, window: window.window)
      try output.show(paths)
    }
  }
}
