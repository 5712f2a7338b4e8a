internal import AccessLog
internal import TraceStore

/// What many lines have in common.
struct FindingAttributes {
  /// An index of `FindingLines.sources`.
  var source: Int
  var role: Role
  var flags: ResponseFlags
  var code: Int
  var service: String?
  var authority: String?
  var upstreamCluster: String?
  var serverName: String?
  var details: String
  var reason: String
  var subset: String?
  var method: String?
  var upstreamHost: String?
  var downstreamLocal: String?
  /// Of the row's addresses, where they stand here.
  var upstreamLocalIP: Int64?
  var downstreamRemoteIP: Int64?
  /// A ztunnel's.
  var isTunnel: Bool
  /// A ztunnel's, through a tunnel to the proxy at its other end.
  var isHBONE: Bool
  /// nil where none was logged.
  var grpcStatus: GRPCStatus?
  /// Attempts to reach an upstream, as the caller counted them; nil where it did not.
  var attemptCount: Int?
}

extension FindingAttributes {
  /// From a row of finding_attributes.sql; `source`: an index of `FindingLines.sources`.
  init(_ row: SQLRow, _ source: Int) {
    var columns = RowCursor(row)
    columns.skip("id", "source")
    self.source = source
    role = Role(rawValue: UInt8(clamping: columns.integer("role") ?? 0)) ?? .unknown
    flags = ResponseFlags(rawValue: UInt64(bitPattern: columns.integer("response_flags") ?? 0))
    code = Int(columns.integer("response_code") ?? 0)
    service = columns.text("service")
    authority = columns.text("authority")
    upstreamCluster = columns.text("upstream_cluster")
    serverName = columns.text("requested_server_name")
    details = [columns.text("response_code_details"), columns.text("connection_termination_details")]
      .compactMap { $0 }.joined(separator: " ")
    reason = columns.text("upstream_transport_failure_reason") ?? ""
    subset = columns.text("subset")
    method = columns.text("method")
    upstreamHost = StoredAddressText.text(
      columns.integer("upstream_host"), columns.text("upstream_host_text"))
    downstreamLocal = StoredAddressText.text(
      columns.integer("downstream_local"), columns.text("downstream_local_text"))
    upstreamLocalIP = columns.integer("upstream_local_ip")
    downstreamRemoteIP = columns.integer("downstream_remote_ip")
    columns.skip("source_name", "mesh_cluster", "namespace", "pod", "workload")
    isTunnel = columns.integer("is_tunnel") ?? 0 != 0
    isHBONE = columns.integer("is_hbone") ?? 0 != 0
    grpcStatus = columns.text("grpc_status").flatMap { GRPCStatus($0) }
    attemptCount = columns.text("attempt_count").flatMap { Int($0) }
  }
}
