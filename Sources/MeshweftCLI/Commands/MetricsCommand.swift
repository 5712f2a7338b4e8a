internal import ArgumentParser
internal import MeshweftKit

struct MetricsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "metrics", "Write requests, durations, border cost and load per host as OpenMetrics text.",
    examples: ["meshweft metrics > meshweft.prom"])

  @OptionGroup var database: DatabaseOption

  func run() throws {
    try reporting {
      try OpenMetrics(database: database.resolved).show(as: .openMetrics, isPaged: false)
    }
  }
}
