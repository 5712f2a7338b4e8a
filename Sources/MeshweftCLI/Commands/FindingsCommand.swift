internal import ArgumentParser
internal import MeshweftKit

struct FindingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "findings",
    abstract: "What stands out in spread, failures and logs: why, how it is known, and what helps.",
    discussion:
      "docs/findings.md says what each kind means. `-o wide` and `-o json` have the manifests to apply.")

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @OptionGroup var output: OutputOption
  @Option(
    name: .customLong("kind"),
    help: ArgumentHelp("Only findings of this kind; may be given again.", valueName: "kind"))
  var kinds: [String] = []
  @Option(help: "info, warning or critical: the least that is shown.") var minSeverity: FindingSeverity =
    .info
  @Option(
    help: ArgumentHelp(
      "The service's endpoints, to see idle ones: kubectl's JSON, or lines of ADDRESS[:PORT] [POD].",
      valueName: "file"),
    completion: .file())
  var endpoints: String?
  @Option(
    help: ArgumentHelp("Exit with 1 where there is such a finding: a kind or a severity.", valueName: "what"))
  var failOn: String?
  @Argument(help: "host:port, the host, or its first labels (httpbin.default).") var service: String?

  func run() throws {
    try reporting {
      var options = FindingsOptions()
      options.service = service
      options.window = window.window
      options.kinds = kinds
      options.minimum = minSeverity
      options.endpoints = endpoints
      options.failOn = failOn
      let report = try FindingsReport(database: database.resolved, options: options)
      report.notes.forEach(Terminal.note)
      try Terminal.show(report.rendered(as: output.form, ink: output.colour.ink))
      report.failures.forEach { Terminal.note("meshweft: " + $0) }
      if !report.failures.isEmpty { throw ExitCode.finding }
      // A gate that cannot be judged is not passed.
      if failOn != nil, report.isPartial { throw ExitCode.failed }
    }
  }
}
