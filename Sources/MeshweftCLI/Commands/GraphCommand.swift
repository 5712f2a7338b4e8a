internal import ArgumentParser
internal import MeshweftKit

struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "graph", "Draw the paths for Graphviz or Mermaid.",
    examples: ["meshweft graph > mesh.dot", "meshweft graph -o mermaid --service details"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @Option(name: [.customShort("o"), .customLong("output")], help: "dot (Graphviz) or mermaid.")
  var language: GraphReport.Form = .dot
  @OptionGroup var service: ServiceOption

  func run() throws {
    try reporting {
      let graph = GraphReport(database: database.resolved, service: service.name, window: window.window)
      try graph.show(as: language, isPaged: false)
    }
  }
}
