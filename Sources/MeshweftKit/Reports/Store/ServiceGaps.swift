internal import Correlation
internal import TraceStore

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

  /// Services whose hosts have no sidecars: their waypoints' lines are all that there is.
  private let ambient: Set<String>

  init(_ reader: StoreReader, ambient: Set<String> = []) throws {
    self.ambient = ambient
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
      // Behind an egress gateway or a ServiceEntry nobody has a sidecar.
      if !ambient.contains(service), Manifest.isOfKubernetes(service) {
        add(
          .gap, service, "\(Quantity.counted(counts.unserved, "answered request")), and no line of a server.",
          "Ingest the istio-proxy logs of its pods; without them there are no server times and no load per pod."
        )
      }
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
  mutating func add(_ row: GroupSum) {
    requests += row.requests
    // A gateway that nobody's line calls is the first: its callers are outside of the mesh.
    if row.group.client != nil { withClient += row.requests }
    if row.group.server != nil { withServer += row.requests }
    if row.group.proxy != nil { withProxy += row.requests }
    if row.group.server == nil, row.group.failureCode == nil { unserved += row.requests }
    byStatus[row.group.carrierStatus, default: 0] += row.requests
  }
}
