internal import ArgumentParser
internal import MeshweftKit

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "What Envoy's response flags mean, and what usually is behind them.")

  @Option(name: [.customShort("o"), .customLong("output")], help: "table, wide, json, ndjson or csv.")
  var form: OutputForm = .table
  @Argument(help: "Flags, short or long (UF,URX); none for all.") var flags: [String] = []

  func run() throws {
    try reporting {
      let guide = FlagGuide(flags: flags.joined(separator: ","))
      if form == .table { return try Terminal.output(guide.text()) }
      try Terminal.output(guide.report().rendered(as: form))
    }
  }
}

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Run a statement of meshweft's own, or one of yours, read-only.",
    discussion: "docs/schema.md describes the views `hops`, `links`, `sources` and `legs`.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: OutputOption
  @Flag(help: "List the statements that come with meshweft.") var list = false
  @Flag(help: "Print the statement instead of running it.") var show = false
  @Option(
    name: .customLong("param"), help: ArgumentHelp("A parameter of the statement.", valueName: "name=value"))
  var parameters: [String] = []
  @Argument(help: "A name from --list, or a file.", completion: .file(extensions: ["sql"])) var name: String?

  func validate() throws {
    if !list, name == nil { throw ValidationError("name a statement or a file, or give --list") }
  }

  func run() throws {
    try reporting {
      if list { return try output.print(UserQuery.list()) }
      let name = name ?? ""
      if show, let text = UserQuery.text(name) { return try Terminal.output(text) }
      try output.print(
        UserQuery(database: database.resolved, name: name, parameters: parameters).report())
    }
  }
}

struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "The paths as a picture for Graphviz or Mermaid.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @Option(name: [.customShort("o"), .customLong("output")], help: "dot or mermaid.")
  var language: PathGraph.Language = .dot
  @Option(help: "host:port, the host, or its first labels (httpbin.default).") var service: String?

  func run() throws {
    try reporting {
      let graph = try PathGraph(database: database.resolved, service: service, window: window.window)
      graph.notes.forEach(Terminal.note)
      try Terminal.output(graph.text(language))
    }
  }
}
