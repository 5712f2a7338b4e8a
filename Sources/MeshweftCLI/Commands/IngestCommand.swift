internal import ArgumentParser
internal import MeshweftKit

struct IngestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "ingest", "Read access logs into the database.",
    """
    Reads files, folders (every *.log and *.log.gz in them, at any depth), tar archives, and standard input (-, or no input at \
    all), gzipped or not. Each line's format is recognised, and so is what kubectl, stern, a container runtime or a log collector \
    put around it. Lines that are in the database already are not added again.
    """,
    examples: [
      "meshweft ingest SampleLogs", "zcat SampleLogs/*sleep*.gz | meshweft ingest --mesh-cluster ack1 -",
    ])

  @OptionGroup var database: DatabaseOption

  @Option(help: "The Kubernetes cluster of logs whose names do not say it.") var meshCluster: String = ""
  @Option(help: "The namespace of logs whose names do not say it.") var namespace: String = ""
  @Option(help: "The pod of logs whose names do not say it.") var pod: String = ""
  @Option(help: "The container of logs whose names do not say it.") var container: String = ""
  @OptionGroup var lines: LineOptions
  @OptionGroup var output: SummaryOption

  @Argument(help: "Files, folders, or - for standard input.", completion: .file()) var inputs: [String] = [
    "-"
  ]

  func run() throws {
    try reporting(.committing) {
      let bar = ProgressBar(isShown: output.form == .text && Terminal.errorIsTerminal)
      let ingest = Ingest(
        database: database.resolved, options: options, stop: Signals.stop, report: { bar.show($0) })
      if inputs.contains("-"), Terminal.inputIsTerminal, Terminal.errorIsTerminal {
        Terminal.note("reading standard input: paste lines and end with Ctrl-D, or name files and folders")
      }
      let result = Result { try ingest.run(inputs + FurtherInputs.list) }
      bar.clear()
      let summary = try result.get()
      try output.show(summary, text: summary.text)
      if !summary.inputErrors.isEmpty || summary.isLargelyUnread { throw ExitCode.failed }
    }
  }

  private var options: IngestOptions {
    var options = IngestOptions()
    options.meshCluster = meshCluster
    options.namespace = namespace
    options.pod = pod
    options.container = container
    options.format = lines.format
    options.fieldMap = lines.fieldMap
    options.correlates = lines.correlate
    return options
  }
}
