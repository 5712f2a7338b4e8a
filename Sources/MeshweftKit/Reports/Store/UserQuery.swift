internal import AccessLog
internal import Queries
internal import TraceStore

/// `meshweft query NAME|FILE.sql`: a statement of meshweft's own or of the user's, read-only.
public struct UserQuery: Reporting {
  private let database: String
  private let sql: String
  private let parameters: [String]

  /// `name` is one of `QueryList`, SQL, a file of it, or `-` for standard input; `parameters` are `name=value`, a value that is a whole
  /// number is bound as one.
  /// - Throws: `UsageError` where it is none of them.
  public init(database: String, name: String, parameters: [String]) throws {
    self.database = database
    self.parameters = parameters
    if let known = UserQuery.text(name) {
      sql = known
    } else if name == "-" {
      sql = try UserQuery.text(file: "/dev/stdin", database)
    } else if UserQuery.isStatement(name), !WholeFile(name, database: database).isThere {
      sql = name
    } else {
      sql = try UserQuery.text(file: name, database)
    }
  }

  /// First words of SQL; those of statements that write are refused later, with what SQLite says.
  private static let verbs: Set<String> = [
    "select", "with", "values", "explain", "pragma", "insert", "update", "delete", "replace", "create",
    "drop", "alter",
    "attach", "detach", "begin", "commit", "rollback", "vacuum", "analyze", "reindex",
  ]

  /// Whether it begins as SQL does, with more behind the word.
  private static func isStatement(_ text: String) -> Bool {
    let rest = text.drop { $0.isWhitespace }
    let word = rest.prefix { $0.isLetter }
    return word.count < rest.count && verbs.contains(word.lowercased())
  }

  private static func text(file name: String, _ database: String) throws(UsageError) -> String {
    do throws(WholeFile.Failure) {
      return String(
        decoding: try WholeFile(name, database: database).read(limit: Limits.statementBytes), as: UTF8.self)
    } catch {
      guard case .unopened(let failure) = error, failure.isOfNothing else {
        throw UsageError("\(Shown.path(name)) \(error)")
      }
      let near = NearestNames(name, among: Query.all.map(\.name)).names
      throw UsageError(
        "no statement or file \(Shown.text(name, limit: 100))"
          + (near.isEmpty
            ? ": give SQL, a file of it, or a name from `meshweft query --list`"
            : ". Did you mean \(near.joined(separator: " or "))?"))
    }
  }

  /// Rows that are rendered together, or fewer of so many bytes; a table's columns are as wide as its first ones need.
  private static let chunk = 1 << 13
  private static let chunkBytes = 1 << 20

  /// Time after which what there is is handed out: who looks at the first rows does not wait for megabytes of them.
  private static let patience = Duration.milliseconds(500)

  /// Rows come at the end, or each time that `StoreLimits.stepBytes` have come together, or half a second has gone by.
  /// - Throws: `UsageError`, `StoreError`, and what `output` throws; an SQL error says what SQLite says.
  public func write(as form: OutputForm, to output: some ReportOutput) throws -> ReportVerdict {
    let values = try Dictionary(parameters.map(UserQuery.parameter), uniquingKeysWith: { _, last in last })
    let reader = try UpToDateStore.reader(database)
    var columns: [Report.Column] = []
    var rows = RowBuffer(form: form, ink: output.ink)
    var wasLong = false
    var last = ContinuousClock.now
    try reader.run(sql: sql, values) { names in
      // Nobody knows which of them matter: the last ones are left out first where a terminal is narrow.
      columns = names.enumerated().map { place, name in
        .init(
          key: name, header: Shown.text(name).uppercased(), dropOrder: place == 0 ? nil : names.count - place)
      }
      rows.begin(columns)
    } _: { row in
      guard rows.append(row.values) else { return }
      guard rows.bytes.count >= StoreLimits.stepBytes || ContinuousClock.now - last > UserQuery.patience
      else { return }
      try output.take(rows.take())
      last = .now
      wasLong = wasLong || reader.logBytes > StoreLimits.longLogBytes
    }
    try output.take(rows.finish())
    reader.notes.forEach(output.note)
    if wasLong {
      output.note(
        "others wrote while this was read, so SQLite's log could not be copied into the database and has grown to "
          + "\(Quantity.bytes(reader.logBytes)). Write long results to a file, or read them quickly.")
    }
    return .fine
  }

  /// Rows on their way to bytes.
  private struct RowBuffer {
    let form: OutputForm
    let ink: Ink
    private var stream: ReportStream?
    private var rows: [[Report.Value]] = []
    private var waitingBytes = 0
    private(set) var bytes: [UInt8] = []

    init(form: OutputForm, ink: Ink) {
      self.form = form
      self.ink = ink
    }

    mutating func begin(_ columns: [Report.Column]) {
      stream = ReportStream(
        schema: "meshweft.query/1", rowsKey: "rows", columns: columns, form: form, ink: ink)
    }

    /// Returns whether there is more to hand out now.
    mutating func append(_ values: [SQLRow.Value]) -> Bool {
      rows.append(values.map(Report.Value.init))
      waitingBytes += values.reduce(0) { $0 + $1.roughBytes }
      guard rows.count == UserQuery.chunk || waitingBytes >= UserQuery.chunkBytes else { return false }
      render()
      return true
    }

    private mutating func render() {
      bytes += stream?.render(rows) ?? []
      rows.removeAll(keepingCapacity: true)
      waitingBytes = 0
    }

    mutating func take() -> [UInt8] {
      defer { bytes = [] }
      return bytes
    }

    mutating func finish() -> [UInt8] {
      render()
      bytes += stream?.end() ?? []
      return take()
    }
  }

  private static func parameter(_ text: String) throws -> (String, SQLValue) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw UsageError("--param takes name=value, not \(Shown.text(text, limit: 60))")
    }
    let name = parts[0].hasPrefix(":") ? String(parts[0].dropFirst()) : parts[0]
    return (name, Int64(parts[1]).map(SQLValue.integer) ?? .text(parts[1]))
  }

  /// The text of a shipped statement, to copy and change; nil where there is none of this name.
  public static func text(_ name: String) -> String? { Query.all.first { $0.name == name }?.sql }
}

extension SQLRow.Value {
  /// What it takes to show it, about.
  fileprivate var roughBytes: Int {
    switch self {
    case .null, .integer, .real: 16
    case .text(let text): text.utf8.count
    case .bytes(let bytes): 2 * bytes.count
    }
  }
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
