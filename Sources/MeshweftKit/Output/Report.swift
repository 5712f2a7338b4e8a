/// A table of values on its way to a person or a program: what every listing command returns.
public struct Report: Sendable {
  /// What a column is called, and how it is shown.
  public struct Column: Sendable {
    /// The JSON key and CSV header. Neighbours `a.b` and `a.c` are one JSON object `a`.
    public var key: String
    /// kubectl-style header.
    public var header: String
    /// Only in `-o wide` (and in JSON and CSV, which have all).
    public var isWide = false
    /// Numbers do.
    public var alignsRight = false
    /// Which forms have it.
    public var audience = Audience.everyone
    /// Where a terminal is too narrow, the column with 1 is left out first, then that with 2; nil is never left out.
    public var dropOrder: Int?
    /// How its text is shortened where a terminal is still too narrow.
    public var shortening = Shortening.middle

    /// Where text is cut. Numbers and times are never cut. A service loses `.svc.cluster.local` before that.
    public enum Shortening: Sendable { case middle, end, service, never }

    /// A path is one cell to a person, and several values to a program.
    public enum Audience: Sendable { case everyone, people, programs }
  }

  /// One cell, not yet text.
  public enum Value: Sendable, Equatable {
    case missing
    case text(String)
    case texts([String])
    case integer(Int64)
    /// With so many digits behind the point.
    case decimal(Double, digits: Int)
    /// With six digits behind the point at most.
    case real(Double)
    /// Microseconds since the epoch.
    case instant(Int64)
    /// Microseconds since the epoch, of which people need the seconds only.
    case bucket(Int64)
    /// Microseconds, shown in milliseconds.
    case milliseconds(Int64)
    case flag(Bool)
    /// How often each name occurred; an object in JSON.
    case counts([Count])
    /// An array of objects.
    case objects([[Member]])

    /// One name and its number.
    public struct Count: Sendable, Equatable {
      /// What is counted.
      public var name: String
      /// How often.
      public var count: Int64
    }
    /// One key of an object.
    public struct Member: Sendable, Equatable {
      /// As in JSON.
      public var key: String
      /// Not itself an object.
      public var value: Value
    }
  }

  /// `meshweft.hops/1`
  public var schema: String
  /// The key of the rows in JSON.
  public var rowsKey: String
  /// In their order in every form.
  public var columns: [Column]
  /// Keys of the JSON object beside the rows.
  public var facts: [Value.Member] = []
  /// One value per column each.
  public var rows: [[Value]] {
    get { made.map { made in (0..<made.count).map(made.row) } ?? stored }
    _modify {
      stored = rows
      made = nil
      yield &stored
    }
  }
  private var stored: [[Value]] = []
  /// Rows that are made when they are asked for; nil where they are stored.
  private var made: (count: Int, row: @Sendable (Int) -> [Value])?
  /// Sentences for standard error: how a relative time was anchored, what was left out.
  public var notes: [String] = []

  /// Without rows.
  public init(schema: String, rowsKey: String, columns: [Column]) {
    self.schema = schema
    self.rowsKey = rowsKey
    self.columns = columns
  }

  /// How many rows it has.
  public var rowCount: Int { made?.count ?? stored.count }

  /// Sets the rows to one of each element. They are made as they are rendered: a row takes more memory than what it says.
  mutating func setRows<Element: Sendable>(
    of elements: [Element], _ row: @escaping @Sendable (Element) -> [Value]
  ) {
    stored = []
    made = (elements.count, { row(elements[$0]) })
  }

  func rows(_ range: Range<Int>) -> [[Value]] {
    made.map { made in range.map(made.row) } ?? Array(stored[range])
  }
}

extension Report {
  /// The whole report as bytes for standard output.
  public func rendered(as form: OutputForm, ink: Ink = .none) -> [UInt8] {
    var bytes: [UInt8] = []
    render(as: form, ink: ink) { bytes += $0 }
    return bytes
  }

  /// Renders the report piece by piece, so that no form of the whole has to be held. Rethrows what `output` throws.
  public func render(as form: OutputForm, ink: Ink = .none, _ output: ([UInt8]) throws -> Void) rethrows {
    var stream = ReportStream(
      schema: schema, rowsKey: rowsKey, columns: columns, form: form, facts: facts, ink: ink)
    let pieces = stride(from: 0, to: max(1, rowCount), by: Report.pieceRows)
    let ranges = pieces.map { $0..<min($0 + Report.pieceRows, rowCount) }
    // A column is as wide as its widest cell, which may come last.
    if ranges.count > 1 { for range in ranges { stream.measure(rows(range)) } }
    for range in ranges { try output(stream.render(rows(range))) }
    try output(stream.end())
  }

  /// Rows that are rendered at once.
  private static let pieceRows = 1024
}

extension Report.Value {
  func write(to writer: inout JSONWriter) {
    switch self {
    case .missing: writer.null()
    case .text(let text): writer.string(text)
    case .texts(let texts): writer.array(texts) { $0.string($1) }
    case .integer(let value): writer.integer(value)
    case .decimal(let value, let digits): writer.number(value, digits: digits)
    case .real(let value): writer.number(value, digits: 6)
    case .instant(let time), .bucket(let time): writer.string(Instant.text(time))
    case .milliseconds(let duration): writer.number(Double(duration) / 1000, digits: 3)
    case .flag(let value): writer.boolean(value)
    case .counts(let counts):
      writer.object { writer in
        for count in counts {
          writer.key(count.name)
          writer.integer(count.count)
        }
      }
    case .objects(let objects):
      writer.array(objects) { writer, members in
        writer.object { writer in
          for member in members {
            writer.key(member.key)
            member.value.write(to: &writer)
          }
        }
      }
    }
  }

  /// For a cell of a table or of CSV; not yet made safe for either.
  var plain: String {
    switch self {
    case .missing: "-"
    case .text(let text): text
    case .texts(let texts): texts.isEmpty ? "-" : texts.joined(separator: ",")
    case .integer(let value): String(value)
    case .decimal(let value, let digits): Decimals.text(value, digits: digits)
    case .real(let value): Decimals.text(value, digits: 6, trimmed: true)
    case .instant(let time): Instant.text(time)
    case .bucket(let time): Instant.text(time, digits: 0)
    case .milliseconds(let duration): Decimals.text(Double(duration) / 1000, digits: 3, trimmed: true)
    case .flag(let value): value ? "yes" : "no"
    case .counts(let counts):
      counts.isEmpty ? "-" : counts.map { "\($0.name)=\($0.count)" }.joined(separator: ",")
    case .objects(let objects):
      objects.isEmpty
        ? "-" : objects.map { $0.map(\.value.plain).joined(separator: "@") }.joined(separator: ",")
    }
  }

}
