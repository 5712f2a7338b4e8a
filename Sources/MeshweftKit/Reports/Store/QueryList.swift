internal import Queries

/// `meshweft query --list`: meshweft's statements for people, and the first sentence of each.
public struct QueryList: TableReporting {
  /// Those that answer a question by themselves (`Query.forPeople`).
  public init() {}

  /// Throws nothing.
  public func read() throws -> Report {
    var report = Report(
      schema: "meshweft.queries/1", rowsKey: "queries",
      columns: [.init(key: "name", header: "NAME"), .init(key: "about", header: "ABOUT")])
    report.rows = Query.forPeople.map { query in
      let first = query.sql.prefix { $0 != "\n" }.drop { $0 == "-" || $0 == " " }
      return [.text(query.name), .text(String(first))]
    }
    return report
  }
}
