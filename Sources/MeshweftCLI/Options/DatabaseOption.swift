internal import ArgumentParser
internal import MeshweftKit
internal import Platform

/// `--db`, taken by every command.
struct DatabaseOption: ParsableArguments {
  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "The database file. Default: $MESHWEFT_DB, else meshweft.db in the current folder.", valueName: "file"),
    completion: .file(extensions: ["db"]))
  var path: String?

  var resolved: String {
    if let path { return path }
    // Safe: the value is copied at once, and the program changes none of its variables meanwhile.
    if let variable = unsafe getenv("MESHWEFT_DB") {
      let value = unsafe Arguments.text(variable)
      if !value.isEmpty { return value }
    }
    return "meshweft.db"
  }
}
