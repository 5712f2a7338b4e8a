internal import AccessLog
internal import Queries
internal import TraceStore

/// `meshweft query NAME|FILE.sql`: a statement of meshweft's own or of the user's, read-only.
public struct UserQuery {
  private let database: String
  private let sql: String
  private let parameters: [String]

  /// `name` is one of `list()`, or a file; `parameters` are `name=value`, a value that is a whole number is bound as
  /// one.
  /// - Throws: `UsageError` where there is neither such a statement nor such a file.
  public init(database: String, name: String, parameters: [String]) throws {
    self.database = database
    self.parameters = parameters
    sql = try Query.all.first { $0.name == name }?.sql ?? UserQuery.text(file: name, database)
  }

  private static func text(file name: String, _ database: String) throws(UsageError) -> String {
    do throws(WholeFile.Failure) {
      return String(
        decoding: try WholeFile(name, database: database).read(limit: Limits.statementBytes), as: UTF8.self)
    } catch {
      guard case .unopened(let failure) = error, failure.isOfNothing else {
        throw UsageError("\(Shown.path(name)) \(error)")
      }
      throw UsageError(
        "\(Shown.text(name, limit: 100)) is neither a statement of `meshweft query --list` nor a file that can be read"
      )
    }
  }

  /// - Throws: `UsageError`, `StoreError`; an SQL error says what SQLite says.
  public func report() throws -> Report {
    let reader = try Correlate.reader(database)
    let values = try Dictionary(parameters.map(UserQuery.parameter), uniquingKeysWith: { _, last in last })
    var report = Report(schema: "meshweft.query/1", rowsKey: "rows", columns: [])
    let names = try reader.run(sql: sql, values) { row in
      report.rows.append(row.values.map(Report.Value.init))
    }
    report.columns = names.map { .init(key: $0, header: Shown.text($0).uppercased()) }
    return report
  }

  private static func parameter(_ text: String) throws -> (String, SQLValue) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw UsageError("--param takes name=value, not \(Shown.text(text, limit: 60))")
    }
    let name = parts[0].hasPrefix(":") ? String(parts[0].dropFirst()) : parts[0]
    return (name, Int64(parts[1]).map(SQLValue.integer) ?? .text(parts[1]))
  }

  /// The statements that meshweft has, and the first sentence of each.
  public static func list() -> Report {
    var report = Report(
      schema: "meshweft.queries/1", rowsKey: "queries",
      columns: [.init(key: "name", header: "NAME"), .init(key: "about", header: "ABOUT")])
    report.rows = Query.all.map { query in
      let first = query.sql.prefix { $0 != "\n" }.drop { $0 == "-" || $0 == " " }
      return [.text(query.name), .text(String(first))]
    }
    return report
  }

  /// The text of a shipped statement, to copy and change; nil where there is none of this name.
  public static func text(_ name: String) -> String? { Query.all.first { $0.name == name }?.sql }
}

extension Report.Value {
  fileprivate init(_ value: SQLRow.Value) {
    switch value {
    case .null: self = .missing
    case .integer(let value): self = .integer(value)
    case .real(let value): self = .real(value)
    case .text(let text): self = .text(text)
    case .bytes(let bytes):
      let digits = Array("0123456789abcdef")
      self = .text(String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }))
    }
  }
}
