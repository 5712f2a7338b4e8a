internal import ArgumentParser
internal import MeshweftKit

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "check", "Check that the database is sound, or save what can be read of a damaged one.",
    """
    A damaged database is never repaired in place. --salvage copies what can still be read into a new one. Ingest the logs into \
    that to add what was lost; nothing is added twice.
    """,
    examples: ["meshweft check", "meshweft check --salvage saved.db"])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: OutputOption
  @Option(
    help: ArgumentHelp("Save what can be read into this new database.", valueName: "file"),
    completion: .file(extensions: ["db"]))
  var salvage: String?

  func run() throws {
    try reporting(salvage == nil ? .reading : .undoing) {
      if let salvage {
        return try StoreSalvage(database: database.resolved, into: salvage).run().forEach(Terminal.note)
      }
      try output.show(StoreCheck(database: database.resolved))
    }
  }
}
