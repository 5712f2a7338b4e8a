internal import AccessLog
internal import TraceStore

/// `meshweft metrics`: the rollups as OpenMetrics text, with Istio's label names, for a textfile collector or a scrape
/// of a file.
///
/// The format is https://prometheus.io/docs/specs/om/open_metrics_spec/ (1.0): counters end in `_total`, histograms
/// have cumulative buckets, times are in seconds, the last line is `# EOF`.
public struct OpenMetrics: Reporting {
  private let database: String

  /// The only form so far.
  public enum Form: Sendable { case openMetrics }

  /// Reports on the store at `database`.
  public init(database: String) { self.database = database }

  /// Upper bounds in seconds: Istio's buckets for request durations.
  private static let bounds: [Double] = [
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
  ]

  /// What the attempts of a group are counted under.
  private static func labels(_ group: LegTable.Group) -> String {
    func names(_ prefix: String, _ place: LegTable.Workload?) -> String {
      let workload = place.map { $0.workload.isEmpty ? $0.pod : $0.workload } ?? "unknown"
      let cluster = place?.meshCluster ?? ""
      return "\(prefix)_workload=\"\(escaped(workload))\","
        + "\(prefix)_cluster=\"\(escaped(cluster.isEmpty ? "unknown" : cluster))\","
    }
    return names("source", group.client) + names("destination", group.server)
      + "destination_service=\"\(escaped(group.service))\","
      + "proxy_workload=\"\(escaped(group.proxy?.workload ?? ""))\""
  }

  /// What became of attempts that have the same labels.
  private struct Outcome: Hashable {
    /// Number of the labels in a table.
    var number: Int
    var flags: String
    var hasFailed: Bool

    init(_ group: LegTable.Group, _ number: Int) {
      self.number = number
      flags = group.flags.shortNames.joined(separator: ",")
      hasFailed = group.failureCode != nil
    }

    var labels: String { "response_flags=\"\(flags.isEmpty ? "-" : flags)\",failed=\"\(hasFailed)\"" }
  }

  /// The times of all groups that have the same labels.
  private struct Times {
    var labels: String
    var durations = DurationSum()
    var borders = DurationSum()

    mutating func add(_ row: LegRow) {
      if row.group.isTCP { return }
      if !row.addTimes(.client, to: &durations) { row.addTimes(.server, to: &durations) }
      row.addTimes(.border, to: &borders)
    }
  }

  /// Times by labels, and which each group's are.
  private struct TimesTable {
    private var times: [Times] = []
    /// By `Group.index`.
    private var numbers: [Int] = []

    init(_ table: LegTable) {
      var known: [String: Int] = [:]
      for group in table.groupList {
        let labels = OpenMetrics.labels(group)
        let number = known[labels] ?? times.count
        if number == times.count {
          known[labels] = number
          times.append(Times(labels: labels))
        }
        numbers.append(number)
      }
    }

    mutating func add(_ row: LegRow) {
      if row.attempts > 0 { times[numbers[row.group.index]].add(row) }
    }

    func number(of group: LegTable.Group) -> Int { numbers[group.index] }

    func labels(_ number: Int) -> String { times[number].labels }

    /// Hands them over, by labels.
    mutating func finish() -> [Times] {
      var sorted: [Times] = []
      swap(&sorted, &times)
      sorted.sort { $0.labels < $1.labels }
      return sorted
    }
  }

  /// The text comes piece by piece: that of 50 000 services has 200 MB.
  public func write(as form: Form, to output: some ReportOutput) throws -> ReportVerdict {
    let reader = try UpToDateStore.reader(database)
    try reader.snapshot {
      let table = try LegTable(reader, service: nil, window: TimeWindow())
      var sums = GroupSums(table)
      var times = TimesTable(table)
      try table.forEach(.any, times: true, connections: { sums.add($0) }) { row in
        sums.add(row)
        times.add(row)
      }
      try counter(sums, times, output)
      let sorted = times.finish()
      try histogram("meshweft_request_duration_seconds", sorted, \.durations, "Request duration.", output)
      try histogram(
        "meshweft_border_duration_seconds", sorted, \.borders, "Client duration less server duration.", output
      )
      try hosts(sums.byService, output)
      try output.take(Array("# EOF\n".utf8))
    }
    reader.notes.forEach(output.note)
    return .fine
  }

  private func counter(
    _ sums: GroupSums, _ table: TimesTable, _ output: some ReportOutput
  ) throws {
    var requests: [Outcome: Int64] = [:]
    sums.forEach { sum in
      guard sum.attempts > 0 else { return }
      requests[Outcome(sum.group, table.number(of: sum.group)), default: 0] += sum.requests
    }
    try output.take(Array("# HELP meshweft_requests Requests.\n# TYPE meshweft_requests counter\n".utf8))
    let lines = requests.map {
      "meshweft_requests_total{\(table.labels($0.key.number)),\($0.key.labels)} \($0.value)\n"
    }
    for line in lines.sorted() { try output.take(Array(line.utf8)) }
  }

  private func histogram(
    _ name: String, _ series: [Times], _ part: KeyPath<Times, DurationSum>, _ help: String,
    _ output: some ReportOutput
  ) throws {
    try output.take(
      Array("# HELP \(name) \(help)\n# TYPE \(name) histogram\n# UNIT \(name) seconds\n".utf8))
    let bounds = OpenMetrics.bounds.map { Int64($0 * 1e6) }
    let names = OpenMetrics.bounds.map(OpenMetrics.canonical)
    for one in series where one[keyPath: part].count > 0 {
      let (labels, times) = (one.labels, one[keyPath: part])
      var text = ""
      for (le, count) in zip(names, times.counts(upTo: bounds)) {
        text += "\(name)_bucket{\(labels),le=\"\(le)\"} \(count)\n"
      }
      text += "\(name)_bucket{\(labels),le=\"+Inf\"} \(times.count)\n"
      text += "\(name)_count{\(labels)} \(times.count)\n"
      text += "\(name)_sum{\(labels)} \(Decimals.text(Double(times.sum) / 1e6, digits: 6, trimmed: true))\n"
      try output.take(Array(text.utf8))
    }
  }

  /// What each host got, and how evenly.
  private func hosts(_ services: [String: ServiceSums], _ output: some ReportOutput) throws {
    var connections =
      "# HELP meshweft_host_connections Connections by host.\n# TYPE meshweft_host_connections gauge\n"
    var ratios =
      "# HELP meshweft_imbalance_max_over_mean Requests of the busiest host over the mean.\n"
      + "# TYPE meshweft_imbalance_max_over_mean gauge\n"
    try output.take(
      Array("# HELP meshweft_host_requests Requests by host.\n# TYPE meshweft_host_requests counter\n".utf8))
    for (name, sums) in services.sorted(by: { $0.key < $1.key }) {
      let spread = ServiceSpread(name, sums)
      if spread.hosts.isEmpty { continue }
      let service = "destination_service=\"\(OpenMetrics.escaped(spread.service))\""
      for host in spread.hosts.values.sorted(by: { $0.key < $1.key }) {
        let labels =
          "\(service),host=\"\(OpenMetrics.escaped(host.host))\",pod=\"\(OpenMetrics.escaped(host.pod))\","
          + "destination_cluster=\"\(OpenMetrics.escaped(host.meshCluster))\""
        try output.take(Array("meshweft_host_requests_total{\(labels)} \(host.requests)\n".utf8))
        connections += "meshweft_host_connections{\(labels)} \(host.connections)\n"
      }
      let ratio = Decimals.text(spread.requests.maxOverMean, digits: 4, trimmed: true)
      ratios += "meshweft_imbalance_max_over_mean{\(service)} \(ratio)\n"
    }
    try output.take(Array(connections.utf8))
    try output.take(Array(ratios.utf8))
  }

  /// A bound as OpenMetrics wants it: always with a point.
  private static func canonical(_ bound: Double) -> String {
    let text = Decimals.text(bound, digits: 3, trimmed: true)
    return text.contains(".") ? text : text + ".0"
  }

  /// A label's value: backslash, quote and line feed are escaped; what could move a terminal is shown as text.
  static func escaped(_ text: String) -> String {
    Shown.text(text, limit: 200).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
  }
}
