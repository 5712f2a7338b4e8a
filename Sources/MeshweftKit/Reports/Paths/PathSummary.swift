internal import Correlation

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
  var clientTimes = DurationSum()
  var serverTimes = DurationSum()
  var borderTimes = DurationSum()
  /// Pods that sent the requests.
  var pods: Set<String> = []
  var hasAttempts = false

  init(_ way: Way) { self.way = way }

  var confidenceMean: Double? {
    requests > 0 ? Double(confidenceSum) / Double(requests) / 10_000 : nil
  }

  mutating func add(_ row: LegRow) {
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
