internal import Correlation
internal import TraceStore

/// `meshweft check`: whether a database is what it should be.
public struct StoreCheck: TableReporting {
  private let database: String

  /// Checks the store at `database`.
  public init(database: String) { self.database = database }

  /// `problems()` as a report, for programs.
  /// - Throws: `StoreError`
  public func read() throws -> Report {
    let problems = try problems()
    var report = Report(
      schema: "meshweft.check/1", rowsKey: "problems",
      columns: [.init(key: "problem", header: "PROBLEM", shortening: .never)])
    report.facts = [.init(key: "sound", value: .flag(problems.isEmpty))]
    report.rows = problems.map { [.text($0)] }
    return report
  }

  /// A sound database takes no table to people, only a sentence.
  public func write(as form: OutputForm, to output: some ReportOutput) throws -> ReportVerdict {
    let report = try read()
    let isSound = report.rowCount == 0
    if form != .table || !isSound { try report.write(as: form, to: output) }
    if !isSound { return .failed }
    if form == .table { output.note("sound: integrity, references and rollups") }
    return .fine
  }

  /// - Returns: what is wrong, a sentence each; nothing for a sound database.
  /// - Throws: `StoreError` where it cannot even be opened.
  func problems() throws -> [String] {
    let reader = try StoreReader(path: database)
    return try reader.snapshot {
      var problems = try reader.problems()
      problems += try reader.brokenInvariants()
      if problems.isEmpty { problems += try SpanCheck(reader).problems() }
      if problems.isEmpty, try !reader.isPending() { problems += try rollupProblems(reader) }
      return problems
    }
  }

  /// Rollups must be what their hops and links add up to.
  private func rollupProblems(_ reader: StoreReader) throws -> [String] {
    let stored = try reader.rollupTotals()
    let counted = try reader.countedTotals()
    return zip(["attempts", "requests at servers", "connections"], zip(stored, counted)).compactMap {
      name, totals in
      let (stored, counted) = totals
      if counted.contains(stored) { return nil }
      let hops =
        counted.count == 1 ? "\(counted.lowerBound)" : "\(counted.lowerBound) to \(counted.upperBound)"
      return "the rollups count \(stored) \(name), the hops \(hops): run `meshweft correlate --all`"
    }
  }
}
