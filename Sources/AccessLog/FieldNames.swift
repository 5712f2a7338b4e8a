/// Which JSON key names which field.
///
/// Keys are those of Istio's default JSON, Alibaba ASM, Envoy Gateway, Alibaba SLS and Huawei UCS (docs/formats.md);
/// a `FieldMap` adds a user's own, which win.
package struct FieldNames: Sendable {
  /// Keys by their length: the lists are so short that comparing beats hashing.
  private var byLength: [[(key: [UInt8], field: Field)]] = []

  /// - Parameter additional: a user's own keys; they win over the known ones.
  package init(additional: [(key: String, field: Field)] = []) {
    for (key, field) in additional { add(key, field) }
    for (key, field) in FieldNames.known { add("\(key)", field) }
  }

  private mutating func add(_ key: String, _ field: Field) {
    let bytes = Array(key.utf8)
    while byLength.count <= bytes.count { byLength.append([]) }
    byLength[bytes.count].append((bytes, field))
  }

  package func field(forKey key: UnsafeRawBufferPointer) -> Field? {
    guard key.count < byLength.count else { return nil }
    for candidate in byLength[key.count] where unsafe candidate.key.elementsEqual(key) { return candidate.field }
    return nil
  }

  private static let known: [(StaticString, Field)] = [
    ("start_time", .startTime), ("method", .method), ("path", .path), ("protocol", .httpProtocol),
    ("response_code", .responseCode), ("response_flags", .responseFlags),
    ("response_code_details", .responseCodeDetails),
    ("connection_termination_details", .connectionTerminationDetails),
    ("upstream_transport_failure_reason", .upstreamTransportFailureReason),
    ("bytes_received", .bytesReceived), ("bytes_sent", .bytesSent), ("duration", .duration),
    ("duration_us", .durationMicroseconds), ("upstream_service_time", .upstreamServiceTime),
    ("x_forwarded_for", .forwardedFor), ("user_agent", .userAgent), ("request_id", .requestID),
    ("authority", .authority), ("authority_for", .authority), ("upstream_host", .upstreamHost),
    ("upstream_cluster", .upstreamCluster), ("upstream_local_address", .upstreamLocalAddress),
    ("downstream_local_address", .downstreamLocalAddress),
    ("downstream_remote_address", .downstreamRemoteAddress),
    ("requested_server_name", .requestedServerName), ("route_name", .routeName), ("trace_id", .traceID),
    ("istio_policy_status", .istioPolicyStatus), ("access_log_type", .accessLogType),
    (":authority", .authority), ("x-envoy-upstream-service-time", .upstreamServiceTime),
    ("x-forwarded-for", .forwardedFor), ("user-agent", .userAgent), ("x-request-id", .requestID),
    ("x-envoy-origin-path", .path), ("_pod_name_", .podName), ("_namespace_", .podNamespace),
    ("_container_name_", .containerName), ("pod_name", .podName), ("pod_namespace", .podNamespace),
    ("cluster_id", .meshCluster),
  ]
}
