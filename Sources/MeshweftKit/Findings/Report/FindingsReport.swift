internal import TraceStore

/// `meshweft findings`: what stands out, why, and what helps.
public struct FindingsReport: Reporting {
  private let database: String
  private let options: FindingsOptions

  /// Reports on the store at `database`.
  public init(database: String, options: FindingsOptions) {
    self.database = database
    self.options = options
  }

  /// What the report says.
  struct Content {
    /// The worst first.
    var findings: [Finding]
    /// Sentences for standard error.
    var notes: [String]
    /// What `--fail-on` names and was found.
    var failures: [String]
    /// Lines wait to be linked that could not be: not everything may be found.
    var isPartial: Bool
  }

  /// Notes first, then the findings.
  public func write(as form: OutputForm, to output: some ReportOutput) throws -> ReportVerdict {
    let content = try read()
    content.notes.forEach(output.note)
    try output.take(content.rendered(as: form, ink: output.ink))
    return ReportVerdict(
      gate: options.failOn != nil, found: content.failures, isPartial: content.isPartial)
  }

  /// - Throws: `UsageError`, `StoreError`
  func read() throws -> Content {
    let kinds = try FindingsReport.kinds(options.kinds, option: "--kind")
    let fails = options.failOn
    let endpoints = options.endpoints?.endpoints
    let reader = try UpToDateStore.reader(database)
    let (all, notes) = try reader.snapshot {
      let matches = try ServiceName.notes(options.service, reader)
      let window = try options.window.resolved { try reader.newestStart() }
      let lines = try FindingLines(reader, since: window.since, until: window.until)
      let context = try FindingContext(
        lines, service: options.service, endpoints: endpoints, try KnownEndpoints(reader))
      let found = try FindingKinds.find(context, reader, service: options.service)
      return (found, matches + window.notes + FindingsReport.notes(lines))
    }
    let findings = all.filter { $0.severity >= options.minimum && (kinds.isEmpty || kinds.contains($0.kind)) }
    return Content(
      findings: findings, notes: reader.notes + notes + (findings.isEmpty ? ["nothing stands out"] : []),
      failures: findings.filter { finding in fails?.fits(finding) ?? false }.map {
        "\($0.kind.rawValue): \($0.sentence)"
      }, isPartial: !reader.notes.isEmpty)
  }

  static func notes(_ lines: FindingLines) -> [String] {
    guard let cut = lines.cutBefore else { return [] }
    return [
      "only the newest \(Quantity.grouped(Int64(lines.lines.count))) of \(Quantity.grouped(lines.linesInStore)) lines were read, "
        + "from \(Instant.text(cut)) on: use --since-time and --until for an earlier time"
    ]
  }

  private static func kinds(_ names: [String], option: String) throws -> Set<FindingKind> {
    Set(
      try names.flatMap { $0.split(separator: ",") }.map { name in
        guard let kind = FindingKind(rawValue: String(name)) else {
          throw UsageError(
            "\(option) takes one of \(FindingKind.allCases.map(\.rawValue).joined(separator: ", ")), not \(Shown.text(String(name), limit: 40))"
          )
        }
        return kind
      })
  }
}
