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
  /// In the order of `AttributeText.all`.
  package var texts: [String?]
  /// Names of `Anomalies`.
  package var anomalies: [String]
  package var precision: TimePrecision
}

extension StoredHop {
  /// From a row of the view `hops`.
  init(_ row: SQLRow) {
    var columns = RowCursor(row)
    id = columns.integer("id") ?? 0
    startTime = columns.text("start_time")
    startMicroseconds = columns.integer("start_us") ?? 0
    durationMicroseconds = columns.integer("duration_us")
    role = columns.text("role") ?? ""
    source = columns.text("source") ?? ""
    line = columns.integer("line") ?? 0
    meshCluster = columns.text("mesh_cluster") ?? ""
    namespace = columns.text("namespace") ?? ""
    pod = columns.text("pod") ?? ""
    container = columns.text("container") ?? ""
    workload = columns.text("workload") ?? ""
    method = columns.text("method")
    authority = columns.text("authority")
    path = columns.text("path")
    httpProtocol = columns.text("protocol")
    responseCode = columns.integer("response_code").map { Int($0) }
    responseFlags = StoredHop.list(columns.text("response_flags"))
    service = columns.text("service")
    subset = columns.text("subset")
    requestID = columns.text("request_id")
    traceID = columns.text("trace_id")
    upstreamHost = columns.text("upstream_host")
    upstreamLocalAddress = columns.text("upstream_local_address")
    downstreamLocalAddress = columns.text("downstream_local_address")
    downstreamRemoteAddress = columns.text("downstream_remote_address")
    bytesReceived = columns.integer("bytes_received")
    bytesSent = columns.integer("bytes_sent")
    upstreamServiceTimeMilliseconds = columns.integer("upstream_service_time_ms")
    userAgent = columns.text("user_agent")
    forwardedFor = columns.text("forwarded_for")
    requestedServerName = columns.text("requested_server_name")
    upstreamCluster = columns.text("upstream_cluster")
    texts = AttributeText.all.map { columns.text($0.name) }
    anomalies = StoredHop.list(columns.text("anomalies"))
    precision = TimePrecision(
      startMicroseconds: Int32(clamping: columns.integer("start_precision_us") ?? 1000),
      durationMicroseconds: Int32(clamping: columns.integer("duration_precision_us") ?? 1000))
  }

  /// What the line said in a field of `AttributeText`.
  package subscript(field: Field) -> String? { AttributeText.place(of: field).flatMap { texts[$0] } }

  private static func list(_ text: String?) -> [String] {
    (text ?? "").split(separator: ",").map(String.init)
  }
}
