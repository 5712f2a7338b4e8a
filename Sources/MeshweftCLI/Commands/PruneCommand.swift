internal import ArgumentParser
internal import MeshweftKit

struct PruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "prune", "Delete hops that are older than an age, counted back from the newest line.",
    examples: ["meshweft prune --older-than 7d"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: SummaryOption
  @Option(
    help: ArgumentHelp(
      "Delete what had ended this long before the newest line (12h, 7d, 4w).", valueName: "duration"))
  var olderThan: String
  @Flag(help: "Also give the space back to the file system; takes as long as copying the database.")
  var vacuum = false

  func run() throws {
    try reporting(.undoing) {
      let age = try TypedDuration(olderThan, option: "--older-than", examples: "12h, 7d or 4w")
      let prune = Prune(database: database.resolved, olderThan: age, compacts: vacuum)
      let summary = try prune.run()
      if output.form == .json { return try Terminal.output(summary.json) }
      Terminal.note(summary.text)
    }
  }
}
