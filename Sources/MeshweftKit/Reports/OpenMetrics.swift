internal import AccessLog
internal import TraceStore

/// `meshweft metrics`: the rollups as OpenMetrics text, with Istio's label names, for a textfile collector or a scrape
/// of a file.
///
/// The format is https://prometheus.io/docs/specs/om/open_metrics_spec/ (1.0): counters end in `_total`, histograms
/// have cumulative buckets, times are in seconds, the last line is `# EOF`.
public struct OpenMetrics {
  private let database: String

  /// Reports on the store at `database`.
  public init(database: String) { self.database = database }

  /// Upper bounds in seconds: Istio's buckets for request durations.
  private static let bounds: [Double] = [
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
  ]

  private struct Labels: Hashable {
    var pairs: [String]

    init(_ group: LegTable.Group, failures: Bool) {
      func names(_ prefix: String, _ place: LegTable.Workload?) -> [String] {
        let workload = place.map { $0.workload.isEmpty ? $0.pod : $0.workload } ?? "unknown"
        let cluster = place?.meshCluster ?? ""
        return [
          "\(prefix)_workload=\"\(OpenMetrics.escaped(workload))\"",
          "\(prefix)_cluster=\"\(OpenMetrics.escaped(cluster.isEmpty ? "unknown" : cluster))\"",
        ]
      }
      pairs = names("source", group.client) + names("destination", group.server)
      pairs.append("destination_service=\"\(OpenMetrics.escaped(group.service))\"")
      pairs.append("proxy_workload=\"\(OpenMetrics.escaped(group.proxy?.workload ?? ""))\"")
      guard failures else { return }
      let flags = group.flags.shortNames.joined(separator: ",")
      pairs.append("response_flags=\"\(flags.isEmpty ? "-" : flags)\"")
      pairs.append("failed=\"\(group.failureCode != nil)\"")
    }

    var text: String { "{" + pairs.joined(separator: ",") + "}" }
  }

  /// - Throws: `StoreError`
  public func text() throws -> String { try report().text }

  /// The same, and sentences for standard error.
  /// - Throws: `StoreError`
  public func report() throws -> (text: String, notes: [String]) {
    let reader = try Correlate.reader(database)
    return (try text(reader), reader.notes)
  }

  private func text(_ reader: StoreReader) throws -> String {
    try reader.snapshot {
      let table = try LegTable(reader, service: nil, window: TimeWindow())
      let labels = table.groupList.map { Labels($0, failures: false) }
      var sums = GroupSums(table)
      var durations: [Labels: TimesSum] = [:]
      var borders: [Labels: TimesSum] = [:]
      try table.forEach(.any, times: true, connections: { sums.add($0) }) { row in
        sums.add(row)
        guard row.attempts > 0 else { return }
        let labels = labels[row.group.index]
        if !row.addTimes(.client, to: &durations[labels, default: TimesSum()]) {
          row.addTimes(.server, to: &durations[labels, default: TimesSum()])
        }
        row.addTimes(.border, to: &borders[labels, default: TimesSum()])
      }
      var requests: [Labels: Int64] = [:]
      for sum in sums.all where sum.attempts > 0 {
        requests[Labels(sum.group, failures: true), default: 0] += sum.requests
      }
      return counter(requests)
        + histogram("meshweft_request_duration_seconds", durations, "Request duration.")
        + histogram("meshweft_border_duration_seconds", borders, "Client duration less server duration.")
        + hosts(sums.byService) + "# EOF\n"
    }
  }

  private func counter(_ requests: [Labels: Int64]) -> String {
    let lines = requests.map { "meshweft_requests_total\($0.key.text) \($0.value)\n" }.sorted()
    return "# HELP meshweft_requests Requests.\n# TYPE meshweft_requests counter\n" + lines.joined()
  }

  private func histogram(_ name: String, _ series: [Labels: TimesSum], _ help: String) -> String {
    var text = "# HELP \(name) \(help)\n# TYPE \(name) histogram\n# UNIT \(name) seconds\n"
    let sorted = series.filter { $0.value.count > 0 }.map { ($0.key.pairs, $0.value) }
      .sorted { $0.0.lexicographicallyPrecedes($1.0) }
    for (pairs, times) in sorted {
      let labels = pairs.joined(separator: ",")
      for bound in OpenMetrics.bounds {
        let le = OpenMetrics.canonical(bound)
        text += "\(name)_bucket{\(labels),le=\"\(le)\"} \(times.count(upTo: Int64(bound * 1e6)))\n"
      }
      text += "\(name)_bucket{\(labels),le=\"+Inf\"} \(times.count)\n"
      text += "\(name)_count{\(labels)} \(times.count)\n"
      text += "\(name)_sum{\(labels)} \(Decimals.text(Double(times.sum) / 1e6, digits: 6, trimmed: true))\n"
    }
    return text
  }

  /// What each host got, and how evenly.
  private func hosts(_ services: [String: [GroupSum]]) -> String {
    let spreads = services.map { ServiceSpread($0.key, $0.value) }
      .filter { !$0.hosts.isEmpty }.sorted { $0.service < $1.service }
    var requests = "# HELP meshweft_host_requests Requests by host.\n# TYPE meshweft_host_requests counter\n"
    var connections =
      "# HELP meshweft_host_connections Connections by host.\n# TYPE meshweft_host_connections gauge\n"
    var ratios =
      "# HELP meshweft_imbalance_max_over_mean Requests of the busiest host over the mean.\n"
      + "# TYPE meshweft_imbalance_max_over_mean gauge\n"
    for spread in spreads {
      let service = "destination_service=\"\(OpenMetrics.escaped(spread.service))\""
      for host in spread.hosts.values.sorted(by: { $0.host < $1.host }) {
        let labels =
          "\(service),host=\"\(OpenMetrics.escaped(host.host))\",pod=\"\(OpenMetrics.escaped(host.pod))\","
          + "destination_cluster=\"\(OpenMetrics.escaped(host.meshCluster))\""
        requests += "meshweft_host_requests_total{\(labels)} \(host.requests)\n"
        connections += "meshweft_host_connections{\(labels)} \(host.connections)\n"
      }
      let ratio = Decimals.text(spread.requests.maxOverMean, digits: 4, trimmed: true)
      ratios += "meshweft_imbalance_max_over_mean{\(service)} \(ratio)\n"
    }
    return requests + connections + ratios
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

extension TimesSum {
  /// How many durations are no longer than so many microseconds, as far as their three digits tell.
  func count(upTo microseconds: Int64) -> Int64 {
    counted.reduce(0) { $1.microseconds <= microseconds ? $0 + $1.count : $0 }
  }

  /// Microseconds, as far as the durations' three digits tell.
  var sum: Int64 { counted.reduce(0) { $0 + $1.microseconds * $1.count } }
}
