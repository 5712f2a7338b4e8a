internal import Queries
internal import TraceStore

/// `meshweft doctor`: what is missing for a full picture, and what would help.
public struct Doctor: TableReporting {
  private let database: String

  /// Examines the store at `database`.
  public init(database: String) { self.database = database }

  /// One thing that is missing or odd.
  struct Finding: Equatable {
    enum Level: String { case gap, hint }
    var level: Level
    /// The service, log or pair of mesh clusters that it is about.
    var subject: String
    var text: String
    var advice: String
  }

  /// - Throws: `StoreError`
  public func read() throws -> Report {
    let findings = try findings()
    var report = Report(schema: "meshweft.doctor/1", rowsKey: "findings", columns: Doctor.columns)
    report.rows = findings.map {
      [.text($0.level.rawValue), .text($0.subject), .text($0.text), .text($0.advice)]
    }
    if findings.isEmpty { report.notes = ["nothing is missing: every request is seen from both ends"] }
    return report
  }

  /// For people sentences, for programs a table.
  public func write(as form: OutputForm, to output: some ReportOutput) throws -> ReportVerdict {
    if form == .table { try output.take(Array(text().utf8)) } else { try read().write(as: form, to: output) }
    return .fine
  }

  /// A paragraph per finding, then the log format that would help.
  func text() throws -> String {
    let findings = try findings()
    var lines = findings.flatMap { finding in
      [
        "\(finding.level.rawValue.uppercased())  \(Shown.text(finding.subject, limit: 200))",
        // Names of logs and services stand in both.
        "  \(Shown.text(finding.text))", "  \(Shown.text(finding.advice))", "",
      ]
    }
    if findings.isEmpty { lines += ["Nothing is missing: every request is seen from both ends.", ""] }
    if findings.contains(where: { $0.advice.contains("log format") }) { lines.append(LogFormatAdvice.text) }
    return lines.joined(separator: "\n") + (lines.last == "" ? "" : "\n")
  }

  private func findings() throws -> [Finding] {
    let reader = try UpToDateStore.reader(database)
    return try reader.snapshot { try Doctor.findings(reader) }
  }

  /// What is missing in the store; of services only in those that `service` stands for.
  /// - Throws: `StoreError`
  static func findings(_ reader: StoreReader, service: String? = nil) throws -> [Finding] {
    let ambient = try AmbientGaps(reader)
    let gaps = try ServiceGaps(reader, ambient: ambient.services).findings + ambient.findings
    let services = gaps.filter { FindingContext.fits($0.subject, service) }
    return try links(reader) + services + SourceGaps(reader).findings + clocks(reader) + undecided(reader)
  }

  private static let columns: [Report.Column] = [
    .init(key: "level", header: "LEVEL"), .init(key: "subject", header: "ABOUT"),
    .init(key: "finding", header: "FINDING"), .init(key: "advice", header: "WHAT HELPS"),
  ]

  /// What is not linked explains most of what else seems to be missing.
  private static func links(_ reader: StoreReader) -> [Finding] {
    reader.unlinked.map { lines in
      [
        Finding(
          level: .gap, subject: "links", text: lines.sentence + ".",
          advice: "Findings below about missing lines may be gone when all lines are linked.")
      ]
    } ?? []
  }

  /// Microseconds beyond which clocks are worth a word.
  private static let clockLimit = 50_000.0

  /// Lines whose request was left undecided, by log.
  private static func undecided(_ reader: StoreReader) throws -> [Finding] {
    var findings: [Finding] = []
    try reader.run(.undecidedLinks) { row in
      var columns = RowCursor(row)
      findings.append(
        Finding(
          level: .gap, subject: columns.text("source") ?? "",
          text:
            "\(Quantity.counted(columns.integer("hops") ?? 0, "line")) whose parent was left undecided: more requests came into "
            + "question than there is time to compare.",
          advice:
            "Let the apps pass on the request id or a trace id: it tells which request a call belongs to."))
    }
    return findings
  }

  private static func clocks(_ reader: StoreReader) throws -> [Finding] {
    var findings: [Finding] = []
    for clock in try reader.clocks() {
      let (offset, uncertainty) = (clock.offset, clock.uncertainty)
      guard abs(offset) > max(clockLimit, 3 * uncertainty) else { continue }
      let (from, to) = (clock.clientMeshCluster, clock.serverMeshCluster)
      let pair = "\(from) → \(to)"
      guard findings.last?.subject != pair else { continue }
      findings.append(
        Finding(
          level: .hint, subject: pair,
          text: "\(to)'s clock is \(Decimals.text(abs(offset) / 1000, digits: 0)) ms "
            + "\(offset > 0 ? "ahead of" : "behind") \(from)'s "
            + "(± \(Decimals.text(uncertainty / 1000, digits: 0)) ms).",
          advice: "meshweft corrects for it, people who read the logs cannot: check NTP on the nodes."))
    }
    return findings
  }
}
