/// A report that is a table.
public protocol TableReporting: Reporting where Form == OutputForm {
  /// - Throws: `UsageError`, `StoreError`
  func read() throws -> Report
}

extension TableReporting {
  /// Notes first, then the table.
  public func write(as form: OutputForm, to output: some ReportOutput) throws -> ReportVerdict {
    try read().write(as: form, to: output)
    return .fine
  }
}

extension Report {
  func write(as form: OutputForm, to output: some ReportOutput) throws {
    notes.forEach(output.note)
    try render(as: form, ink: output.ink) { try output.take($0) }
  }
}
