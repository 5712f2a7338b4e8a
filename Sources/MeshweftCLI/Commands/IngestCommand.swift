internal import ArgumentParser
internal import MeshweftKit

struct IngestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Read access logs into the database.",
    discussion: """
      Reads files, folders (their *.log and *.log.gz, to any depth), tar archives and standard input (-), compressed or not. Formats and the \
      envelopes around them (kubectl --prefix --timestamps, stern, CRI, docker and others) are recognised line by line. \
      Feeding the same or an overlapping log again adds nothing.
      """)

  @OptionGroup var database: DatabaseOption

  @Option(help: "The Kubernetes cluster that the logs are from.") var meshCluster: String = ""
  @Option(help: "The namespace of the pods.") var namespace: String = ""
  @Option(help: "The pod.") var pod: String = ""
  @Option(help: "The container.") var container: String = ""
  @Option(
    help: ArgumentHelp("An Envoy format string, for text lines of your own format.", valueName: "format"))
  var format: String?
  @Option(
    help: ArgumentHelp(
      "Your own JSON keys, as name=key,name=key (request_id=x_req_id), or a YAML file of them.",
      valueName: "map"),
    completion: .file(extensions: ["yaml", "yml"]))
  var fieldMap: String?
  @Flag(inversion: .prefixedNo, help: "Link what was stored before ending.") var correlate = true
  @OptionGroup var output: SummaryOption

  @Argument(help: "Files, folders, or - for standard input.", completion: .file()) var inputs: [String] = [
    "-"
  ]

  func run() throws {
    try reporting(.committing) {
      let bar = ProgressBar(isShown: output.form == .text && Terminal.errorIsTerminal)
      let ingest = Ingest(
        database: database.resolved, options: options, stop: Signals.stop, report: { bar.show($0) })
      let result = Result { try ingest.run(inputs + FurtherInputs.list) }
      bar.clear()
      let summary = try result.get()
      try print(summary)
      if !summary.inputErrors.isEmpty || summary.isLargelyUnread { throw ExitCode.failed }
    }
  }

  private var options: IngestOptions {
    var options = IngestOptions()
    options.meshCluster = meshCluster
    options.namespace = namespace
    options.pod = pod
    options.container = container
    options.format = format
    options.fieldMap = fieldMap
    options.correlates = correlate
    return options
  }

  private func print(_ summary: IngestSummary) throws {
    summary.notes.forEach(Terminal.note)
    summary.inputErrors.forEach { Terminal.note("meshweft: \($0)") }
    switch output.form {
    case .json: try Terminal.output(summary.json)
    case .text: Terminal.errorText(summary.text)
    }
  }
}
