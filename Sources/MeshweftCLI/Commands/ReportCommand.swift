internal import ArgumentParser
internal import MeshweftKit

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "report", "Write one HTML page with the mesh's map, paths, load, imbalance, latency and traces.",
    """
    The page is a single file that needs no network: attach it to a ticket, open it anywhere. It can be filtered by service, mesh \
    cluster, workload, path and free text. Its address holds what is chosen.
    """,
    examples: ["meshweft report -o mesh.html", "meshweft report --service httpbin --title 'httpbin, Monday'"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var window: WindowOptions
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The file to write; - for standard output.", valueName: "file"), completion: .file())
  var output = "report.html"
  @OptionGroup var service: ServiceOption
  @Option(help: "The page's title.") var title = "Mesh report"

  func run() throws {
    try reporting {
      var options = HTMLReportOptions()
      options.window = window.window
      options.service = service.name
      options.title = title
      options.generatedAt = Terminal.now
      let report = HTMLReport(database: database.resolved, options: options)
      if output == "-" { return try report.show(as: .html, isPaged: false) }
      let page = try report.rendered(as: .html, note: Terminal.note)
      try Signals.endReading()
      try report.write(page, to: output).forEach(Terminal.note)
    }
  }
}
