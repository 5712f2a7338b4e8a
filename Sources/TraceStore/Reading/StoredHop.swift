package import AccessLog

/// A hop with every name resolved, for rendering. nil is what the line did not say.
package struct StoredHop: Sendable, Equatable {
  /// The store's key.
  package var id: Int64
  /// RFC 3339, UTC, in the line's own precision; nil for years that have no four digits.
  package var startTime: String?
  /// Microseconds since the epoch.
  package var startMicroseconds: Int64
  package var durationMicroseconds: Int64?
  package var role: String
  package var source: String
  package var line: Int64
  package var meshCluster: String
  package var namespace: String
  package var pod: String
  package var container: String
  package var workload: String
  package var method: String?
  package var authority: String?
  package var path: String?
  package var httpProtocol: String?
  package var responseCode: Int?
  /// Short names; those that this version does not know as they were logged.
  package var responseFlags: [String]
  /// `host:port` of the SubsetKey.
  package var service: String?
  package var subset: String?
  package var requestID: String?
  package var traceID: String?
  package var upstreamHost: String?
  package var upstreamLocalAddress: String?
  package var downstreamLocalAddress: String?
  package var downstreamRemoteAddress: String?
  package var bytesReceived: Int64?
  package var bytesSent: Int64?
  package var upstreamServiceTimeMilliseconds: Int64?
  package var userAgent: String?
  package var forwardedFor: String?
  package var requestedServerName: String?
  package var upstreamCluster: String?
  package var routeName: String?
  package var responseCodeDetails: String?
  package var connectionTerminationDetails: String?
  package var upstreamTransportFailureReason: String?
  package var istioPolicyStatus: String?
  package var accessLogType: String?
  /// Names of `Anomalies`.
  package var anomalies: [String]
  package var precision: TimePrecision
}

extension StoredHop {
  /// From a row of the view `hops`; the columns in its order.
  init(_ row: SQLRow) {
    id = row.integer(0) ?? 0
    startTime = row.text(1)
    startMicroseconds = row.integer(2) ?? 0
    durationMicroseconds = row.integer(3)
    role = row.text(4) ?? ""
    source = row.text(5) ?? ""
    line = row.integer(6) ?? 0
    meshCluster = row.text(7) ?? ""
    namespace = row.text(8) ?? ""
    pod = row.text(9) ?? ""
    container = row.text(10) ?? ""
    workload = row.text(11) ?? ""
    method = row.text(12)
    authority = row.text(13)
    path = row.text(14)
    httpProtocol = row.text(15)
    responseCode = row.integer(16).map { Int($0) }
    responseFlags = StoredHop.list(row.text(17))
    service = row.text(18)
    subset = row.text(19)
    requestID = row.text(20)
    traceID = row.text(21)
    upstreamHost = row.text(22)
    upstreamLocalAddress = row.text(23)
    downstreamLocalAddress = row.text(24)
    downstreamRemoteAddress = row.text(25)
    bytesReceived = row.integer(26)
    bytesSent = row.integer(27)
    upstreamServiceTimeMilliseconds = row.integer(28)
    userAgent = row.text(29)
    forwardedFor = row.text(30)
    requestedServerName = row.text(31)
    upstreamCluster = row.text(32)
    routeName = row.text(33)
    responseCodeDetails = row.text(34)
    connectionTerminationDetails = row.text(35)
    upstreamTransportFailureReason = row.text(36)
    istioPolicyStatus = row.text(37)
    accessLogType = row.text(38)
    anomalies = StoredHop.list(row.text(39))
    precision = TimePrecision(
      startMicroseconds: Int32(clamping: row.integer(40) ?? 1000),
      durationMicroseconds: Int32(clamping: row.integer(41) ?? 1000))
  }

  private static func list(_ text: String?) -> [String] {
    (text ?? "").split(separator: ",").map(String.init)
  }
}
