/// Key orders of templates that are known without having seen a good line.
enum TemplateKeys {
  /// Alibaba ASM's default format.
  static let asm: [[UInt8]] = [
    "authority_for", "bytes_received", "bytes_sent", "downstream_local_address", "downstream_remote_address",
    "duration", "istio_policy_status", "method", "path", "protocol", "request_id", "requested_server_name",
    "response_code", "response_flags", "route_name", "start_time", "trace_id", "upstream_cluster",
    "upstream_host",
    "upstream_local_address", "upstream_response_time", "upstream_service_time",
    "upstream_transport_failure_reason", "user_agent", "x_forwarded_for",
  ].map { Array("\"\($0)\":".utf8) }
}
