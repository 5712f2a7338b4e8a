internal import Queries

/// `meshweft query --list`: the statements that meshweft has, and the first sentence of each.
public struct QueryList: TableReporting {
  /// All of them.
  public init() {}

  /// Throws nothing.
  public func read() throws -> Report {
    var report = Report(
      schema: "meshweft.queries/1", rowsKey: "queries",
      columns: [.init(key: "name", header: "NAME"), .init(key: "about", header: "ABOUT")])
    report.rows = Query.all.map { query in
      let first = query.sql.prefix { $0 != "\n" }.drop { $0 == "-" || $0 == " " }
      return [.text(query.name), .text(String(first))]
    }
    return report
  }
}
