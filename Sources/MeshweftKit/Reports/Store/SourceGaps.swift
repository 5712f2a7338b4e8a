internal import AccessLog
internal import Queries
internal import TraceStore

/// Logs that lack fields, fell silent, or hold odd lines.
struct SourceGaps {
  private(set) var findings: [Doctor.Finding] = []

  /// Microseconds before the newest line.
  private static let silence: Int64 = 60_000_000

  /// Columns of field_coverage.sql, in their order. Of those with `with` each counts the lines that have something.
  private enum Column: Int, CaseIterable {
    case source, role, hops, withRequestID, withTraceID, withUpstreamLocal, withDownstreamRemote,
      withUpstreamHost
    case withServerName, withBytes, withMicrosecondStart, withMicrosecondDuration, withAnomalies, lastEnd
    case withDuration, reached, requests, logType, isZtunnel
  }

  /// What a role's lines need, the column that counts it, and what it is for.
  private static let needs: [(role: String, column: Column, field: String, use: String)] = [
    ("client", .withRequestID, "request_id", "most surely which server line answers a client line"),
    ("server", .withRequestID, "request_id", "most surely which server line answers a client line"),
    ("client", .withUpstreamLocal, "upstream_local_address", "which connection carried a request"),
    (
      "server", .withDownstreamRemote, "downstream_remote_address",
      "which of the proxy's connections a request came over"
    ),
    ("proxy", .withUpstreamLocal, "upstream_local_address", "which server connection is a proxy's"),
    (
      "proxy", .withDownstreamRemote, "downstream_remote_address",
      "which client connection is a proxy's, where there is no NAT"
    ),
    ("client", .withUpstreamHost, "upstream_host", "where a request was sent"),
    ("server", .withServerName, "requested_server_name", "the service that was called"),
    (
      "proxy", .withBytes, "bytes_received and bytes_sent",
      "which requests a connection carried, where ids do not"
    ),
    ("client", .withDuration, "duration", "how long requests take"),
    ("server", .withDuration, "duration", "how long requests take"),
  ]

  /// Fields that only lines of connections that came about have.
  private static let otherEnd: Set<String> = ["upstream_local_address", "upstream_host"]

  init(_ reader: StoreReader) throws {
    var lacking: [String: (logs: [String], field: String, use: String)] = [:]
    var coarse: [String] = []
    var odd: [String: Int64] = [:]
    var last: [String: Int64] = [:]
    try reader.run(.fieldCoverage) { row in
      assert(row.columnNames.count == Column.allCases.count)
      func text(_ column: Column) -> String { row.text(column.rawValue) ?? "" }
      func number(_ column: Column) -> Int64 { row.integer(column.rawValue) ?? 0 }
      let (source, role, hops) = (text(.source), text(.role), number(.hops))
      let isTunnel = number(.isZtunnel) != 0
      for need in SourceGaps.needs
      where !isTunnel && need.role == role && number(need.column) == 0 {
        // A connection that never came about has no addresses: their absence says nothing about the format.
        if SourceGaps.otherEnd.contains(need.field), number(.reached) == 0 { continue }
        // A TCP connection has no request.
        if need.field == "request_id", number(.requests) == 0 { continue }
        lacking["\(role) \(need.field)", default: ([], need.field, need.use)].logs.append(source)
      }
      if !isTunnel, role == "client" || role == "server", number(.withMicrosecondStart) * 2 < hops {
        coarse.append(source)
      }
      odd[source, default: 0] += number(.withAnomalies)
      last[source] = max(last[source] ?? .min, number(.lastEnd))
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
    try addSilent(reader, last)
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

  /// Logs that end at about the same time are one finding: they were fetched together, or their pods went together. Those of
  /// pods that ended are none: of Jobs, and of pods in whose place others came.
  private mutating func addSilent(_ reader: StoreReader, _ last: [String: Int64]) throws {
    guard let newest = last.values.max(), last.values.contains(where: { newest - $0 > SourceGaps.silence })
    else { return }
    let sources = try reader.sources().filter { last[$0.name] != nil }
    let ends = PodEnds(
      sources.map { source in
        PodEnds.Log(
          meshCluster: source.origin.meshCluster, namespace: source.origin.namespace,
          workload: source.workload, pod: source.origin.pod,
          first: source.firstStartMicroseconds ?? 0, last: last[source.name] ?? 0)
      }, newest: newest, silence: SourceGaps.silence)
    let gone = Set(zip(sources, ends.ended).filter(\.1).map(\.0.name))
    let silent = last.filter { newest - $0.value > SourceGaps.silence && !gone.contains($0.key) }
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
