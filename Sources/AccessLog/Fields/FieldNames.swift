/// From a JSON key to the field it names.
///
/// The names that Istio, Alibaba ASM, Envoy Gateway, Huawei UCS and Alibaba SLS use; any other comes with a
/// `FieldMap`, which is asked first.
package enum FieldNames {
  /// The field that a key (without its quotes, escapes not decoded) names, or nil: the value is of no interest.
  ///
  /// Keys are compared byte by byte: no log writer escapes or re-cases its keys.
  package static func field(forKey key: Span<UInt8>) -> Field? {
    guard key.count < byLength.count else { return nil }
    for entry in byLength[key.count] where entry.key.span.isEqual(to: key) { return entry.field }
    return nil
  }

  /// Who wrote the line and when it was taken down, rather than what happened on it: these keys also stand around a body, in
  /// an envelope.
  package static func isIdentity(_ field: Field) -> Bool {
    switch field {
    case .podName, .podNamespace, .containerName, .meshCluster, .logTime: true
    default: false
    }
  }

  /// The name that a field map gives a field: the first in the table below.
  package static func field(named name: String) -> Field? { field(forKey: Array(name.utf8).span) }

  /// All keys with the field that each names.
  static var keys: [([UInt8], Field)] {
    all.flatMap { field, keys in keys.map { (Array($0.utf8), field) } }
  }

  private static let byLength: [[(key: [UInt8], field: Field)]] = {
    var table: [[(key: [UInt8], field: Field)]] = []
    for (field, keys) in all {
      for key in keys {
        let bytes = Array(key.utf8)
        while table.count <= bytes.count { table.append([]) }
        table[bytes.count].append((bytes, field))
      }
    }
    return table
  }()

  static let all = names + AttributeText.all.map { ($0.field, [$0.name]) }

  /// The names of the fields that `AttributeText` does not list, Istio's default first.
  ///
  /// Istio: `pilot/pkg/model/telemetry_logging.go`. ASM: its documented default format (`authority_for`,
  /// `trace_id`, `istio_policy_status`). Envoy Gateway: `internal/xds/translator/accesslog.go`. SLS: the tags its
  /// agent adds. Contour: `apis/projectcontour/v1alpha1/accesslog.go` (`@timestamp`). Fluent Bit: the parser
  /// `istio-envoy-proxy` of its `parsers.conf` (`x_request_id`). UCS: as reported, not checked.
  static let names: [(Field, [String])] = [
    (.startTime, ["start_time"]),
    (.method, ["method", ":method"]),
    (.path, ["path", "x-envoy-origin-path", "x-envoy-original-path", "x_envoy_original_path", ":path"]),
    (.httpProtocol, ["protocol"]),
    (.responseCode, ["response_code"]),
    (.responseFlags, ["response_flags"]),
    (.bytesReceived, ["bytes_received"]),
    (.bytesSent, ["bytes_sent"]),
    (.duration, ["duration"]),
    (.durationMicroseconds, ["duration_us"]),
    (
      .upstreamServiceTime,
      ["upstream_service_time", "x-envoy-upstream-service-time", "x_envoy_upstream_service_time"]
    ),
    (.forwardedFor, ["x_forwarded_for", "x-forwarded-for"]),
    (.userAgent, ["user_agent", "user-agent"]),
    (.requestID, ["request_id", "x-request-id", "x_request_id"]),
    (.authority, ["authority", "authority_for", ":authority"]),
    (.upstreamHost, ["upstream_host"]),
    (.upstreamCluster, ["upstream_cluster"]),
    (.upstreamLocalAddress, ["upstream_local_address"]),
    (.downstreamLocalAddress, ["downstream_local_address"]),
    (.downstreamRemoteAddress, ["downstream_remote_address"]),
    (.requestedServerName, ["requested_server_name"]),
    (.traceID, ["trace_id"]),
    (
      .podName,
      ["pod_name", "_pod_name_", "kubernetes_pod_name", "kubernetes.pod_name", "kubernetes.pod.name"]
    ),
    (
      .podNamespace,
      [
        "pod_namespace", "_namespace_", "kubernetes_namespace_name", "kubernetes.namespace_name",
        "kubernetes.namespace",
      ]
    ),
    (
      .containerName,
      [
        "container_name", "_container_name_", "kubernetes_container_name", "kubernetes.container_name",
        "kubernetes.container.name",
      ]
    ),
    (.meshCluster, ["cluster_id", "mesh_cluster"]),
    (.logTime, ["@timestamp"]),
  ]
}
