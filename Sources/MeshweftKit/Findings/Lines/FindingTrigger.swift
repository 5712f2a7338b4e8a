/// Which findings are too much.
public struct FindingTrigger: Sendable {
  private var kind: FindingKind?
  private var severity: FindingSeverity?

  /// Reads a kind of finding, or a severity. Throws `UsageError` for anything else.
  public init(_ text: String) throws {
    kind = FindingKind(rawValue: text)
    severity = FindingSeverity(rawValue: text)
    if kind == nil, severity == nil {
      throw UsageError(
        "--fail-on takes a kind of finding or a severity (info, warning, critical), not \(Shown.text(text, limit: 40))"
      )
    }
  }

  func fits(_ finding: Finding) -> Bool {
    if let kind { return finding.kind == kind }
    return severity.map { finding.severity >= $0 } ?? false
  }
}
