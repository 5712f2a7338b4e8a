internal import GRDB

extension StoreReader {
  /// Whether the file is sound: SQLite's own check of its pages, and every reference.
  /// - Returns: what is wrong, in SQLite's words; empty where nothing is.
  /// - Throws: `StoreError`, `corrupt` where the check itself could not go on.
  package func problems() throws -> [String] {
    try connection.read { db in
      var problems = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
      for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
        let table: String = row["table"]
        let parent: String = row["parent"]
        let id: Int64? = row["rowid"]
        problems.append("\(table) \(id.map(String.init) ?? "?") refers to no row of \(parent)")
      }
      return problems
    }
  }
}
