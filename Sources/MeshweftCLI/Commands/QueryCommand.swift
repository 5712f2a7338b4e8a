internal import ArgumentParser
internal import MeshweftKit

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    "query", "Run SQL on the database, read-only: your own, or one of meshweft's statements.",
    "docs/reference/schema.md describes the views `hops`, `links`, `sources` and `legs`.",
    examples: [
      "meshweft query 'SELECT role, count(*) FROM hops GROUP BY role'", "meshweft query --list",
      "meshweft query sources -o json", "echo 'SELECT count(*) FROM links' | meshweft query -",
    ])

  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: OutputOption
  @Flag(help: "List meshweft's own statements.") var list = false
  @Flag(help: "Print the statement instead of running it.") var show = false
  @Option(
    name: .customLong("param"),
    help: ArgumentHelp("The value of a parameter, as :name in the SQL.", valueName: "name=value"))
  var parameters: [String] = []
  @Argument(
    help: ArgumentHelp(
      "SQL, a file of it, - for standard input, or a name from --list.", valueName: "statement"),
    completion: .file(extensions: ["sql"]))
  var name: String?

  func validate() throws {
    if !list, name == nil { throw ValidationError("give a statement or a file, or --list") }
  }

  func run() throws {
    try reporting {
      if list { return try output.show(QueryList()) }
      let name = name ?? ""
      if show, let text = UserQuery.text(name) { return try Terminal.output(text) }
      let query = try UserQuery(database: database.resolved, name: name, parameters: parameters)
      try output.show(query, .asTheyCome)
    }
  }
}
