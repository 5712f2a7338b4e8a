internal import ArgumentParser
internal import MeshweftKit

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "What Envoy's response flags mean, and what usually is behind them.")

  /// Not looked at: every command takes it, so that a shell's alias may give it.
  @OptionGroup(visibility: .hidden) var database: DatabaseOption
  @OptionGroup var output: OutputOption
  @Argument(help: "Flags, short or long (UF,URX); none for all.") var flags: [String] = []

  func run() throws {
    try reporting {
      let guide = FlagGuide(flags: flags.joined(separator: ","))
      if output.form == .table { return try Terminal.output(guide.text()) }
      try output.print(guide.report())
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
      let query = try UserQuery(database: database.resolved, name: name, parameters: parameters)
      let page = PagedOutput()
      try query.write(as: output.form, ink: output.colour.ink, to: page.take).forEach(Terminal.note)
      try page.end()
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

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "What is missing for a full picture: logs, lines, fields; and what would help.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: OutputOption

  func run() throws {
    try reporting {
      let doctor = Doctor(database: database.resolved)
      if output.form == .table { return try Terminal.output(doctor.text()) }
      try output.print(doctor.report())
    }
  }
}

struct MetricsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Write OpenMetrics text: requests, durations, border cost, load per host.")

  @OptionGroup var database: DatabaseOption

  func run() throws {
    try reporting {
      var notes: [String] = []
      try Terminal.output { notes = try OpenMetrics(database: database.resolved).write($0) }
      notes.forEach(Terminal.note)
    }
  }
}

struct PruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Delete what is older than a time, counted from the newest line.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: SummaryOption
  @Option(help: ArgumentHelp("Age of what goes (12h, 7d, 4w).", valueName: "duration")) var olderThan: String
  @Flag(help: "Give the space back to the file system; takes as long as a copy of the database.")
  var vacuum = false

  func run() throws {
    try reporting(.undoing) {
      let prune = Prune(database: database.resolved, olderThan: olderThan, compacts: vacuum)
      let summary = try prune.run()
      if output.form == .json { return try Terminal.output(summary.json) }
      Terminal.note(summary.text)
    }
  }
}

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check the database: integrity, references, rollups.",
    discussion: """
      A damaged database is never mended in place. --salvage takes out of it what can still be read, into a new one; \
      ingesting the logs into that adds what was lost, and nothing twice.
      """)

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: OutputOption
  @Option(
    help: ArgumentHelp("Save what can be read into a new database.", valueName: "file"),
    completion: .file(extensions: ["db"]))
  var salvage: String?

  func run() throws {
    try reporting(salvage == nil ? .reading : .undoing) {
      if let salvage {
        return try StoreSalvage(database: database.resolved, into: salvage).run().forEach(Terminal.note)
      }
      let report = try StoreCheck(database: database.resolved).report()
      let isSound = report.rowCount == 0
      if output.form != .table || !isSound { try output.print(report) }
      if !isSound { throw ExitCode.failed }
      if output.form == .table { Terminal.note("sound: integrity, references and rollups") }
    }
  }
}
