internal import Correlation
internal import Queries
internal import TraceStore

/// `meshweft doctor`: what is missing for a full picture, and what would help.
public struct Doctor {
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
  public func report() throws -> Report {
    let findings = try findings()
    var report = Report(schema: "meshweft.doctor/1", rowsKey: "findings", columns: Doctor.columns)
    report.rows = findings.map {
      [.text($0.level.rawValue), .text($0.subject), .text($0.text), .text($0.advice)]
    }
    if findings.isEmpty { report.notes = ["nothing is missing: every request is seen from both ends"] }
    return report
  }

  /// For a terminal: a paragraph per finding, then the log format that would help.
  public func text() throws -> String {
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
    let reader = try Correlate.reader(database)
    return try reader.snapshot { try Doctor.findings(reader) }
  }

  /// What is missing in the store; of services only in those that `service` stands for.
  /// - Throws: `StoreError`
  static func findings(_ reader: StoreReader, service: String? = nil) throws -> [Finding] {
    let services = try ServiceGaps(reader).findings.filter { FindingContext.fits($0.subject, service) }
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
      findings.append(
        Finding(
          level: .gap, subject: row.text(0) ?? "",
          text:
            "\(Quantity.counted(row.integer(1) ?? 0, "line")) whose parent was left undecided: more requests came into "
            + "question than there is time to compare.",
          advice:
            "Let the apps pass on the request id or a trace id: it tells which request a call belongs to."))
    }
    return findings
  }

  private static func clocks(_ reader: StoreReader) throws -> [Finding] {
    var findings: [Finding] = []
    try reader.run(.clocks) { row in
      let (offset, uncertainty) = (row.double(3) ?? 0, row.double(5) ?? 0)
      guard abs(offset) > max(clockLimit, 3 * uncertainty) else { return }
      let pair = "\(row.text(0) ?? "") → \(row.text(1) ?? "")"
      guard findings.last?.subject != pair else { return }
      findings.append(
        Finding(
          level: .hint, subject: pair,
          text: "\(row.text(1) ?? "")'s clock is \(Decimals.text(abs(offset) / 1000, digits: 0)) ms "
            + "\(offset > 0 ? "ahead of" : "behind") \(row.text(0) ?? "")'s "
            + "(± \(Decimals.text(uncertainty / 1000, digits: 0)) ms).",
          advice: "meshweft corrects for it, people who read the logs cannot: check NTP on the nodes."))
    }
    return findings
  }
}

/// Services that are seen from one side only, and lines that must have been lost.
struct ServiceGaps {
  private(set) var findings: [Doctor.Finding] = []

  /// Shares below which one-sided requests are lost lines, not missing logs.
  private static let mostlyMissing = 0.9
  /// Shares that are worth a word.
  private static let worthSaying = 0.005

  fileprivate struct Counts {
    var requests: Int64 = 0
    var withClient: Int64 = 0
    var withServer: Int64 = 0
    var withProxy: Int64 = 0
    /// Client lines that were answered by someone and have no server line.
    var unserved: Int64 = 0
    var byStatus: [CarrierStatus: Int64] = [:]
  }

  init(_ reader: StoreReader) throws {
    let table = try LegTable(reader, service: nil, window: TimeWindow())
    var sums = GroupSums(table)
    try table.forEach(.any, times: false) { sums.add($0) }
    let services = sums.byService.mapValues { sums in
      sums.groups.reduce(into: Counts()) { counts, sum in counts.add(sum) }
    }
    for (service, counts) in services.sorted(by: { $0.key < $1.key }) {
      ends(service, counts)
      carriers(service, counts)
    }
  }

  private mutating func ends(_ service: String, _ counts: Counts) {
    let orphans = counts.requests - counts.withClient
    let total = Double(max(1, counts.requests))
    if counts.withServer == 0 {
      guard counts.unserved > 0 else { return }
      add(
        .gap, service, "\(Quantity.counted(counts.unserved, "answered request")), and no line of a server.",
        "Ingest the istio-proxy logs of its pods; without them there are no server times and no load per pod."
      )
    } else if Double(counts.unserved) > ServiceGaps.worthSaying * total {
      add(
        .gap, service,
        "\(Quantity.counted(counts.unserved, "answered request")) (\(Decimals.percent(Double(counts.unserved) / total))) without the server's line.",
        "Lines were lost, or one pod's log is missing: compare `meshweft sources` with the pods.")
    }
    if Double(orphans) > ServiceGaps.mostlyMissing * total {
      add(
        .gap, service, "\(Quantity.counted(orphans, "request")), and hardly a line of a client.",
        "Ingest the istio-proxy logs of the pods that call it; without them there are no traces and no border cost."
      )
    } else if Double(orphans) > ServiceGaps.worthSaying * total {
      add(
        .gap, service,
        "\(Quantity.counted(orphans, "request")) (\(Decimals.percent(Double(orphans) / total))) without the client's line.",
        "Lines were lost, or a caller's log is missing: compare `meshweft sources` with the pods.")
    }
  }

  private mutating func carriers(_ service: String, _ counts: Counts) {
    let open = counts.byStatus[.notLoggedYet] ?? 0
    let missing = counts.byStatus[.missing] ?? 0
    if open > 0 {
      let closing = counts.withProxy == 0 ? ", and none was logged so far" : ""
      add(
        .hint, service,
        "\(Quantity.counted(open, "request")) over connections that their proxy has not logged yet\(closing).",
        "A proxy logs a connection when it closes: ingest its log again later, or set access_log_flush_interval (log format below)."
      )
    }
    if missing > 0 {
      add(
        .gap, service,
        "\(Quantity.counted(missing, "request")) over connections whose line is missing from the proxies' logs.",
        "A proxy's log may have been rotated or one replica's was not fetched: ingest the logs of all its pods."
      )
    }
  }

  private mutating func add(
    _ level: Doctor.Finding.Level, _ subject: String, _ text: String, _ advice: String
  ) {
    findings.append(Doctor.Finding(level: level, subject: subject, text: text, advice: advice))
  }
}

extension ServiceGaps.Counts {
  fileprivate mutating func add(_ row: GroupSum) {
    requests += row.requests
    // A gateway that nobody's line calls is the first: its callers are outside of the mesh.
    if row.group.client != nil { withClient += row.requests }
    if row.group.server != nil { withServer += row.requests }
    if row.group.proxy != nil { withProxy += row.requests }
    if row.group.server == nil, row.group.failureCode == nil { unserved += row.requests }
    byStatus[row.group.carrierStatus, default: 0] += row.requests
  }
}

/// Logs that lack fields, fell silent, or hold odd lines.
struct SourceGaps {
  private(set) var findings: [Doctor.Finding] = []

  /// Microseconds before the newest line.
  private static let silence: Int64 = 60_000_000

  /// What a role's lines need, the column of field_coverage.sql that counts it, and what it is for.
  private static let needs: [(role: String, column: Int, field: String, use: String)] = [
    ("client", 3, "request_id", "most surely which server line answers a client line"),
    ("server", 3, "request_id", "most surely which server line answers a client line"),
    ("client", 5, "upstream_local_address", "which connection carried a request"),
    ("server", 6, "downstream_remote_address", "which of the proxy's connections a request came over"),
    ("proxy", 5, "upstream_local_address", "which server connection is a proxy's"),
    ("proxy", 6, "downstream_remote_address", "which client connection is a proxy's, where there is no NAT"),
    ("client", 7, "upstream_host", "where a request was sent"),
    ("server", 8, "requested_server_name", "the service that was called"),
    (
      "proxy", 9, "bytes_received and bytes_sent",
      "which requests a connection carried, where ids do not"
    ),
    ("client", 14, "duration", "how long requests take"),
    ("server", 14, "duration", "how long requests take"),
  ]

  /// Fields that only lines of connections that came about have.
  private static let otherEnd: Set<String> = ["upstream_local_address", "upstream_host"]

  init(_ reader: StoreReader) throws {
    var lacking: [String: (logs: [String], field: String, use: String)] = [:]
    var coarse: [String] = []
    var odd: [String: Int64] = [:]
    var last: [String: Int64] = [:]
    try reader.run(.fieldCoverage) { row in
      let (source, role, hops) = (row.text(0) ?? "", row.text(1) ?? "", row.integer(2) ?? 0)
      let reached = row.integer(15) ?? 0
      for need in SourceGaps.needs where need.role == role && (row.integer(need.column) ?? 0) == 0 {
        // A connection that never came about has no addresses: their absence says nothing about the format.
        if SourceGaps.otherEnd.contains(need.field), reached == 0 { continue }
        // A TCP connection has no request.
        if need.field == "request_id", row.integer(16) ?? 0 == 0 { continue }
        lacking["\(role) \(need.field)", default: ([], need.field, need.use)].logs.append(source)
      }
      if role == "client" || role == "server", (row.integer(10) ?? 0) * 2 < hops { coarse.append(source) }
      odd[source, default: 0] += row.integer(12) ?? 0
      last[source] = max(last[source] ?? .min, row.integer(13) ?? 0)
    }
    for (_, lack) in lacking.sorted(by: { $0.key < $1.key }) {
      add(
        .gap, lack.logs, "No line has \(lack.field), which tells \(lack.use)",
        "Add it to the log format (below).")
    }
    for (source, lines) in odd.sorted(by: { $0.key < $1.key }) where lines > 0 {
      add(
        .hint, [source],
        "\(Quantity.counted(lines, "odd line")) (duplicate keys, repaired quotes, values out of range)",
        "`meshweft hops --source '\(source)' -o wide` shows which: forged fields look like this.")
    }
    if !coarse.isEmpty {
      add(
        .hint, Array(Set(coarse)), "Start times are in whole milliseconds",
        "Microseconds make links by time surer: see the log format below.")
    }
    addSilent(last, newest: last.values.max())
  }

  /// About some logs: named where they are few.
  private mutating func add(
    _ level: Doctor.Finding.Level, _ logs: [String], _ text: String, _ advice: String
  ) {
    let names = logs.sorted()
    let shown = names.prefix(SourceGaps.namedLogs).map { Shown.text($0, limit: 80) }.joined(separator: ", ")
    let rest = names.count - SourceGaps.namedLogs
    let which =
      names.count == 1 ? "" : ": \(shown)" + (rest > 0 ? " and \(Quantity.grouped(Int64(rest))) more" : "")
    findings.append(
      .init(
        level: level,
        subject: names.count == 1 ? names[0] : "\(Quantity.grouped(Int64(names.count))) logs",
        text: text + which + ".", advice: advice))
  }

  private static let namedLogs = 3

  /// Logs that end at about the same time are one finding: they were fetched together, or their pods went together.
  private mutating func addSilent(_ last: [String: Int64], newest: Int64?) {
    guard let newest else { return }
    let silent = last.filter { newest - $0.value > SourceGaps.silence }
      .sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    var group: [(key: String, value: Int64)] = []
    for entry in silent {
      if let before = group.last, entry.value - before.value > SourceGaps.silence {
        addSilent(&group, newest)
      }
      group.append(entry)
    }
    addSilent(&group, newest)
  }

  private mutating func addSilent(_ group: inout [(key: String, value: Int64)], _ newest: Int64) {
    guard let first = group.first, let end = group.last else { return }
    let (from, to) = (Instant.text(first.value, digits: 0), Instant.text(end.value, digits: 0))
    let since = from == to ? from : "\(from) to \(to)"
    add(
      .hint, group.map(\.key),
      "Silent since \(since), \(Quantity.duration(seconds: Double(newest - end.value) / 1e6)) before the newest line",
      "If the \(group.count == 1 ? "pod is" : "pods are") still there, ingest \(group.count == 1 ? "its log" : "their logs") again."
    )
    group.removeAll()
  }
}
