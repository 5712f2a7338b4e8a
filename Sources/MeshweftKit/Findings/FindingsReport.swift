internal import Correlation
internal import TraceStore

/// What `meshweft findings` is asked.
public struct FindingsOptions: Sendable {
  /// `host:port`, `host`, or its first labels; nil for all.
  public var service: String?
  /// Of starts.
  public var window = TimeWindow()
  /// Names of kinds; none for all.
  public var kinds: [String] = []
  /// The least that is shown.
  public var minimum = FindingSeverity.info
  /// A list of the service's endpoints, to see those that served nothing.
  public var endpoints: String?
  /// A kind or a severity: what counts as a failure of the command.
  public var failOn: String?

  /// Everything.
  public init() {}
}

/// `meshweft findings`: what stands out, why, and what helps.
public struct FindingsReport: Sendable {
  /// The worst first.
  let findings: [Finding]
  /// Sentences for standard error.
  public let notes: [String]
  /// What `--fail-on` names and was found.
  public let failures: [String]
  /// Lines wait to be linked that could not be: not everything may be found.
  public let isPartial: Bool

  /// - Throws: `UsageError`, `StoreError`
  public init(database: String, options: FindingsOptions) throws {
    let kinds = try FindingsReport.kinds(options.kinds, option: "--kind")
    let fails = try options.failOn.map(FindingTrigger.init)
    let endpoints = try options.endpoints.map { try Endpoint.list(file: $0, database: database) }
    let reader = try Correlate.reader(database)
    let (all, notes) = try reader.snapshot {
      let matches = try ServiceName.notes(options.service, reader)
      let window = try options.window.resolved { try reader.newestStart() }
      let lines = try FindingLines(reader, since: window.since, until: window.until)
      let context = try FindingContext(lines, service: options.service, endpoints: endpoints)
      let found = try FindingKinds.find(context, reader, service: options.service)
      return (found, matches + window.notes + FindingsReport.notes(lines))
    }
    findings = all.filter { $0.severity >= options.minimum && (kinds.isEmpty || kinds.contains($0.kind)) }
    self.notes = reader.notes + notes + (findings.isEmpty ? ["nothing stands out"] : [])
    isPartial = !reader.notes.isEmpty
    failures = findings.filter { finding in fails?.fits(finding) ?? false }.map {
      "\($0.kind.rawValue): \($0.sentence)"
    }
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

/// `--fail-on KIND|SEVERITY`
struct FindingTrigger {
  private var kind: FindingKind?
  private var severity: FindingSeverity?

  init(_ text: String) throws {
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

/// All kinds, in the order in which they are looked for.
enum FindingKinds {
  static func find(_ context: FindingContext, _ reader: StoreReader, service: String?) throws -> [Finding] {
    var found: [Finding] = []
    for spread in context.services {
      let verdict = SpreadVerdict(spread)
      let own: Set<FindingKind> = [.slowHost, .surge]
      if let cause = verdict.cause, !own.contains(cause.kind) { found.append(cause) }
      found += SlowHost.find(spread)
      // Those who take over get all at once, as they should.
      if verdict.cause?.kind != .failover { found += Surge.find(spread) }
    }
    found += IdleHost.find(context) + SlowProxy.find(context)
    // Proxies with hosts of their own say it already.
    if !found.contains(where: { $0.kind == .proxyShare }) { found += UnevenProxies.find(context) }
    found += Failures(context).findings
    found += try LogFindings.find(context, reader)
    if let service {
      found = found.filter { finding in
        finding.subject.service.map { FindingContext.fits($0, service) } ?? true
      }
    }
    return found.sorted { left, right in
      if left.severity != right.severity { return left.severity > right.severity }
      return (left.kind.order, left.sentence) < (right.kind.order, right.sentence)
    }
  }
}

extension FindingKind {
  fileprivate var order: Int { FindingKind.allCases.firstIndex(of: self) ?? 0 }
}
