internal import ArgumentParser
internal import MeshweftKit

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one HTML page with everything: map, paths, load, imbalance, latency, traces.",
    discussion: """
      The page is one file that needs no network: attach it to a ticket, open it anywhere. It can be filtered by \
      service, mesh cluster, workload, path and free text; what is chosen stands in its address.
      """)

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The file to write; - for standard output.", valueName: "file"), completion: .file())
  var output = "report.html"
  @Option(help: "host:port, the host, or its first labels (httpbin.default).") var service: String?
  @Option(help: "What stands above the page.") var title = "Mesh report"

  func run() throws {
    try reporting {
      var options = HTMLReportOptions()
      options.window = window.window
      options.service = service
      options.title = title
      let report = try HTMLReport(database: database.resolved, options: options)
      report.notes.forEach(Terminal.note)
      if output == "-" { return try Terminal.output(report.bytes) }
      try Signals.endReading()
      try report.write(to: output).forEach(Terminal.note)
    }
  }
}
