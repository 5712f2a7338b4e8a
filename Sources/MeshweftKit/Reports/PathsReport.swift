internal import Correlation
internal import TraceStore

/// `meshweft paths`: which ways requests took from workload to workload, how many, how long, and how many failed.
public struct PathsReport {
  private let database: String
  private let service: String?
  private let window: TimeWindow

  /// Reports on the store at `database`; `service` is `host:port`, `host`, its first labels, or nil for all.
  public init(database: String, service: String? = nil, window: TimeWindow = TimeWindow()) {
    self.database = database
    self.service = service
    self.window = window
  }

  /// - Throws: `UsageError`, `StoreError`
  public func report() throws -> Report {
    let summary = try summary()
    let hasTCP = summary.paths.contains { $0.way.isTCP }
    var report = Report(
      schema: "meshweft.paths/1", rowsKey: "paths", columns: PathsReport.columns(connections: hasTCP))
    report.setRows(of: summary.paths) { PathsReport.row($0) }
    report.notes = summary.notes + PathFindings(summary.paths).sentences
    return report
  }

  /// Paths by requests, most first.
  func summary() throws -> (paths: [PathSummary], notes: [String]) {
    let reader = try Correlate.reader(database)
    return try reader.snapshot {
      let table = try LegTable(reader, service: service, window: window)
      var sums = PathSums(table)
      try table.forEach(.any, times: true) { sums.add($0) }
      // Attempts that were retried over another way are no requests of their own.
      return (sums.finish { $0.requests > 0 || $0.connections > 0 }, table.window.notes)
    }
  }

  /// `connections`: whether there are any to count.
  private static func columns(connections: Bool) -> [Report.Column] {
    columns.map { column in
      var column = column
      if column.key == "connections" { column.isWide = !connections }
      return column
    }
  }

  private static let columns: [Report.Column] = [
    .init(key: "path_from", header: "FROM", audience: .people),
    .init(key: "path_via", header: "VIA", audience: .people),
    .init(key: "path_to", header: "TO", audience: .people, shortening: .service),
    .init(key: "path_service", header: "SERVICE", isWide: true, audience: .people),
    .init(key: "from.workload", header: "", audience: .programs),
    .init(key: "from.mesh_cluster", header: "", audience: .programs),
    .init(key: "via", header: "", audience: .programs),
    .init(key: "to.workload", header: "", audience: .programs),
    .init(key: "to.service", header: "", audience: .programs),
    .init(key: "to.mesh_cluster", header: "", audience: .programs),
    .init(key: "carrier", header: "CARRIER", dropOrder: 5),
    .init(key: "reached", header: "REACHED", dropOrder: 3),
    .init(key: "requests", header: "REQUESTS", alignsRight: true),
    .init(key: "protocol", header: "PROTOCOL", isWide: true),
    .init(key: "connections", header: "CONNECTIONS", alignsRight: true),
    .init(key: "failures", header: "FAILURES", alignsRight: true),
    .init(key: "by_flag", header: "BY FLAG", dropOrder: 6),
    .init(key: "duration_ms.p50", header: "P50 MS", alignsRight: true),
    .init(key: "duration_ms.p90", header: "P90", isWide: true, alignsRight: true),
    .init(key: "duration_ms.p99", header: "P99", alignsRight: true, dropOrder: 7),
    .init(key: "server_ms.p50", header: "SERVER P50", alignsRight: true, dropOrder: 2),
    .init(key: "server_ms.p90", header: "SERVER P90", isWide: true, alignsRight: true),
    .init(key: "server_ms.p99", header: "SERVER P99", isWide: true, alignsRight: true),
    .init(key: "border_ms.p50", header: "BORDER P50", alignsRight: true, dropOrder: 8),
    .init(key: "border_ms.p90", header: "BORDER P90", isWide: true, alignsRight: true),
    .init(key: "border_ms.p99", header: "BORDER P99", alignsRight: true, dropOrder: 4),
    .init(key: "bytes_sent", header: "BYTES SENT", isWide: true, alignsRight: true),
    .init(key: "bytes_received", header: "BYTES RECEIVED", isWide: true, alignsRight: true),
    .init(key: "confidence.mean", header: "CONFIDENCE", alignsRight: true, dropOrder: 1),
    .init(key: "confidence.min", header: "LEAST", isWide: true, alignsRight: true),
  ]

  private static func row(_ path: PathSummary) -> [Report.Value] {
    func text(_ value: String?) -> Report.Value {
      value.flatMap { $0.isEmpty ? nil : .text($0) } ?? .missing
    }
    let way = path.way
    let people: [Report.Value] = [
      .text(way.from?.description ?? "?"),
      way.via.isEmpty ? .missing : .text(way.via.map(\.description).joined(separator: " → ")),
      .text(way.to?.description ?? (way.service.isEmpty ? "?" : way.service)), text(way.service),
    ]
    let places: [Report.Value] = [
      text(way.from?.workload), text(way.from?.meshCluster),
      .objects(
        way.via.map {
          [
            .init(key: "workload", value: text($0.workload)),
            .init(key: "mesh_cluster", value: text($0.meshCluster)),
          ]
        }), text(way.to?.workload), text(way.service), text(way.to?.meshCluster),
    ]
    let counts: [Report.Value] = [
      .text(way.carrierStatus.name), .text(way.end.rawValue), .integer(path.requests),
      .text(way.isTCP ? "tcp" : "http"), way.isTCP ? .integer(path.connections) : .missing,
      .integer(path.failures),
      .counts(path.byFlag.sorted { $0.key < $1.key }.map { .init(name: $0.key, count: $0.value) }),
    ]
    let times = path.clientTimes.quantiles + path.serverTimes.quantiles + path.borderTimes.quantiles
    return people + places + counts + times + [
      .integer(path.bytesSent), .integer(path.bytesReceived),
      path.confidenceMean.map { .decimal($0, digits: 4) } ?? .missing,
      path.requests > 0 ? .decimal(Double(path.confidenceMin) / 10_000, digits: 4) : .missing,
    ]
  }
}

/// What became of the requests that took one way.
struct PathSummary {
  /// A workload of a mesh cluster; a pod that names no workload stands for itself.
  struct Place: Hashable, Comparable, CustomStringConvertible {
    var workload: String
    var meshCluster: String

    init(_ pod: LegTable.Workload) {
      workload = pod.workload.isEmpty ? pod.pod : pod.workload
      meshCluster = pod.meshCluster
    }

    var description: String { meshCluster.isEmpty ? workload : "\(workload)@\(meshCluster)" }

    static func < (left: Place, right: Place) -> Bool {
      (left.workload, left.meshCluster) < (right.workload, right.meshCluster)
    }
  }

  /// Where the story of a request ends.
  enum End: String {
    /// A server's line tells of it.
    case server
    /// A proxy carried it and no server's line is there.
    case proxy
    /// It was sent, and there is neither a proxy's line nor a server's.
    case sent
    /// The client's sidecar sent it nowhere.
    case client
  }

  /// Everything that tells one way from another.
  struct Way: Hashable, Comparable {
    var from: Place?
    var via: [Place]
    var to: Place?
    var service: String
    var carrierStatus: CarrierStatus
    var end: End
    /// Its connections carry no requests that anybody logged.
    var isTCP: Bool

    init(_ group: LegTable.Group) {
      from = group.client.map(Place.init)
      via = (group.earlierProxies + [group.proxy].compactMap { $0 }).map(Place.init)
      to = group.server.map(Place.init)
      service = group.service
      carrierStatus = group.carrierStatus
      isTCP = group.isTCP
      end =
        group.server != nil ? .server : group.proxy != nil ? .proxy : group.host == nil ? .client : .sent
    }

    /// Services first: a table has many of them, and to describe places takes a while.
    static func < (left: Way, right: Way) -> Bool {
      left.service == right.service ? left.order < right.order : left.service < right.service
    }

    private var order: (String, String, String, UInt8) {
      (
        from?.description ?? "", via.map(\.description).joined(separator: " "), to?.description ?? "",
        carrierStatus.rawValue << 1 | (isTCP ? 1 : 0)
      )
    }
  }

  let way: Way
  var requests: Int64 = 0
  /// Of a TCP service; else 0.
  var connections: Int64 = 0
  var failures: Int64 = 0
  /// Failures by flag, or by response code where nothing is flagged; one failure may have several flags.
  var byFlag: [String: Int64] = [:]
  var bytesSent: Int64 = 0
  var bytesReceived: Int64 = 0
  /// In ten-thousandths.
  var confidenceSum: Int64 = 0
  var confidenceMin: Int64 = 10_000
  var clientTimes = TimesSum()
  var serverTimes = TimesSum()
  var borderTimes = TimesSum()
  /// Pods that sent the requests.
  var pods: Set<String> = []
  fileprivate var hasAttempts = false

  init(_ way: Way) { self.way = way }

  var confidenceMean: Double? {
    requests > 0 ? Double(confidenceSum) / Double(requests) / 10_000 : nil
  }

  fileprivate mutating func add(_ row: LegRow) {
    hasAttempts = true
    requests += row.requests
    connections += row.tcpConnections
    failures += row.failedRequests
    if row.failedRequests > 0 {
      for name in row.group.failureNames { byFlag[name, default: 0] += row.failedRequests }
    }
    bytesSent += row.bytesSent
    bytesReceived += row.bytesReceived
    confidenceSum += row.confidenceSum
    if row.requests > 0 { confidenceMin = min(confidenceMin, row.confidenceMin) }
    row.addTimes(.client, to: &clientTimes)
    row.addTimes(.server, to: &serverTimes)
    row.addTimes(.border, to: &borderTimes)
  }
}

/// The paths of a table's groups, and what their rows add up to.
struct PathSums {
  private var sums: [PathSummary] = []
  /// By `Group.index`: the path that it is part of.
  private var numbers: [Int] = []
  private var isUsed: [Bool]

  init(_ table: LegTable) {
    var known: [PathSummary.Way: Int] = [:]
    for group in table.groupList {
      let way = PathSummary.Way(group)
      let number = known[way] ?? sums.count
      if number == sums.count {
        known[way] = number
        sums.append(PathSummary(way))
      }
      numbers.append(number)
    }
    isUsed = [Bool](repeating: false, count: table.groupList.count)
  }

  mutating func add(_ row: LegRow) {
    guard row.attempts > 0 else { return }
    let number = numbers[row.group.index]
    if !isUsed[row.group.index] {
      isUsed[row.group.index] = true
      if let pod = row.group.client?.pod { sums[number].pods.insert(pod) }
    }
    sums[number].add(row)
  }

  /// Those that had any attempt and are wanted; by requests, most first. They are handed over, for two of each would take twice
  /// the memory.
  mutating func finish(_ isWanted: (PathSummary) -> Bool = { _ in true }) -> [PathSummary] {
    var paths: [PathSummary] = []
    swap(&paths, &sums)
    paths.removeAll { !$0.hasAttempts || !isWanted($0) }
    paths.sort { left, right in
      if left.requests != right.requests { return left.requests > right.requests }
      return left.connections == right.connections
        ? left.way < right.way : left.connections > right.connections
    }
    return paths
  }
}

/// What stands out in a set of paths, in sentences.
struct PathFindings {
  let sentences: [String]

  init(_ paths: [PathSummary]) {
    sentences = PathFindings.bypasses(paths) + PathFindings.lost(paths)
  }

  /// Requests that cross mesh clusters without the proxy that others between the same two ends take: their pods
  /// were often started before the mesh knew of the network.
  private static func bypasses(_ paths: [PathSummary]) -> [String] {
    let proxied = Dictionary(
      paths.lazy.filter { !$0.way.via.isEmpty }.map { (Crossing($0.way), $0) },
      uniquingKeysWith: { first, _ in first })
    return paths.compactMap { path in
      guard path.way.carrierStatus == .direct, path.way.via.isEmpty, let from = path.way.from,
        let to = path.way.to,
        from.meshCluster != to.meshCluster, let proxied = proxied[Crossing(path.way)]
      else { return nil }
      let pods = path.pods.sorted().prefix(3).map { Shown.text($0, limit: 80) }.joined(separator: ", ")
      return
        "\(Quantity.counted(path.requests, "request")) of \(from) to \(path.way.service) bypass \(proxied.way.via[0]), which "
        + "\(Quantity.grouped(proxied.requests)) others take; by \(pods)\(path.pods.count > 3 ? ", …" : ""). Pods that were started "
        + "before the network was configured keep their old endpoints: restart them."
    }
  }

  /// What paths between the same two ends have in common.
  private struct Crossing: Hashable {
    var service: String
    var from: String?
    var to: String?

    init(_ way: PathSummary.Way) {
      (service, from, to) = (way.service, way.from?.meshCluster, way.to?.meshCluster)
    }
  }

  private static func lost(_ paths: [PathSummary]) -> [String] {
    var ends: [PathSummary.End: Int64] = [:]
    for path in paths where path.way.end != .server { ends[path.way.end, default: 0] += path.failures }
    let words: [(PathSummary.End, String)] = [
      (.client, "sent nowhere by the client's sidecar"),
      (.sent, "sent, and no proxy or server logged it"),
      (.proxy, "carried by a proxy, and no server logged it"),
    ]
    return words.compactMap { end, text in
      ends[end].flatMap { $0 > 0 ? "\(Quantity.counted($0, "failed request")): \(text)." : nil }
    }
  }
}
