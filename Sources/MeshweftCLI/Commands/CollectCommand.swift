internal import ArgumentParser
internal import MeshweftKit

struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "collect", "Fetch the access logs of Kubernetes clusters into the database.",
    """
    Runs your own kubectl: lists the pods of each context, finds the containers that write access logs (sidecars, gateways, \
    waypoints, cross-network proxies, ztunnel), and reads their logs, those before a restart, too. A log is \
    read on from where it was read to the last time. meshweft sees no credentials.

    Exit status: 0 all logs were read; 2 some could not be, which is said; 64 wrong usage; 130 ended by Ctrl-C, with what came \
    stored.
    """,
    examples: [
      "meshweft collect --context ack1 --context ack2 --since 1h --dry-run",
      "meshweft collect --context ack1=prod -n shop -f --dry-run",
    ])

  @OptionGroup var database: DatabaseOption

  @Option(
    help: ArgumentHelp(
      "A context of your kubeconfig; repeat it for each cluster. It names the mesh cluster, unless another name follows: ack1=prod.",
      valueName: "name[=mesh-cluster]"))
  var context: [String] = []
  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("Only pods in this namespace; repeat it for more.", valueName: "namespace"))
  var namespace: [String] = []
  @Option(
    help: ArgumentHelp(
      "How far back to read, like 1h. Default: all that is kept of a log.", valueName: "duration"))
  var since: String?
  @Flag(
    name: [.customShort("f"), .long],
    help: "Go on reading as logs grow and pods come, until Ctrl-C.")
  var follow = false
  @Flag(
    inversion: .prefixedNo,
    help:
      "Read each log on from where it was read to. --no-resume reads it from its beginning, or --since.")
  var resume = true
  @Option(
    help: ArgumentHelp("Logs to read at a time. Default: 8; 32 with --follow.", valueName: "count"))
  var parallel: Int?
  @Option(
    help: ArgumentHelp("The kubectl to run: a path, or a name on the PATH.", valueName: "program"),
    completion: .file())
  var kubectl = "kubectl"
  @Flag(help: "Print the commands that would be run, and run nothing.") var dryRun = false
  @OptionGroup var lines: LineOptions
  @OptionGroup var output: SummaryOption

  func run() throws {
    try reporting(.committing) {
      let bar = ProgressBar(isShown: output.form == .text && Terminal.errorIsTerminal)
      let options = try self.options
      let collect = Collect(
        database: database.resolved, options: options, stop: Signals.stop, report: { bar.show($0) },
        say: { line in
          bar.clear()
          Terminal.note(line)
        })
      if dryRun { return try Terminal.output(collect.commands().joined(separator: "\n") + "\n") }
      let result = Result { try collect.run() }
      bar.clear()
      let summary = try result.get()
      try output.show(summary.ingest, text: summary.text)
      if !summary.ingest.inputErrors.isEmpty || summary.ingest.isLargelyUnread { throw ExitCode.failed }
    }
  }

  private var options: CollectOptions {
    get throws {
      var options = CollectOptions()
      options.contexts = try context.map(CollectedContext.init)
      options.namespaces = namespace
      options.since = try since.map { try TypedDuration($0) }
      options.follows = follow
      options.resumes = resume
      options.parallel = parallel
      options.kubectl = kubectl
      options.now = Terminal.now
      options.ingest.format = lines.format
      options.ingest.fieldMap = lines.fieldMap
      options.ingest.correlates = lines.correlate
      return options
    }
  }
}
