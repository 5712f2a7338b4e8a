internal import ArgumentParser
internal import MeshweftKit

struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "graph", "Draw the paths for Graphviz or Mermaid.",
    examples: ["meshweft graph > mesh.dot", "meshweft graph -o mermaid --service details"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @Option(name: [.customShort("o"), .customLong("output")], help: "dot (Graphviz) or mermaid.")
  var language: PathGraph.Language = .dot
  @OptionGroup var service: ServiceOption

  func run() throws {
    try reporting {
      let graph = try PathGraph(database: database.resolved, service: service.name, window: window.window)
      graph.notes.forEach(Terminal.note)
      try Terminal.output(graph.text(language))
    }
  }
}
