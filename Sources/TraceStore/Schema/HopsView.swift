internal import AccessLog

/// The view `hops`: a hop with every name resolved, as `StoredHop` reads it.
enum HopsView {
  /// Its columns' names, in order.
  static let names = columns(StoreVersion.current).map(\.name)

  /// Makes the view as a version of the schema has it.
  static func create(_ version: Int) -> String {
    let columns = columns(version).map { "  \($0.sql) AS \($0.name)" }.joined(separator: ",\n")
    return """
      CREATE VIEW hops AS
      SELECT
      \(columns)
      FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes CROSS JOIN source s ON s.id = a.source;

      """
  }

  /// Each column and what it is of a row `h` of `hop`, its row `a` of `attribute_set`, and the row `s` of its source.
  private static func columns(_ version: Int) -> [(name: String, sql: String)] {
    whenAndWho + request + addresses
      + AttributeText.all.filter { $0.since <= version }.map { ($0.name, Schema.text("a.\($0.name)")) }
      + oddities
  }

  private static let start = "((h.id >> 20) * 1000 + h.start_offset_us)"

  private static let whenAndWho = [
    ("id", "h.id"),
    ("start_time", Schema.rfc3339(start, fine: "a.precision % 3 = 1")),
    ("start_us", start),
    ("duration_us", "h.duration_us"),
    ("role", "(SELECT name FROM role WHERE id = a.role)"),
    ("source", "s.name"),
    ("line", "h.line"),
    ("mesh_cluster", "s.mesh_cluster"),
    ("namespace", "s.namespace"),
    ("pod", "s.pod"),
    ("container", "s.container"),
    ("workload", "s.workload"),
  ]

  private static let request = [
    ("method", Schema.text("a.method")),
    ("authority", Schema.text("a.authority")),
    ("path", Schema.anyText("h.path")),
    ("protocol", Schema.text("a.protocol")),
    ("response_code", "a.response_code"),
    (
      "response_flags",
      """
      CASE WHEN a.unrecognised_flags IS NOT NULL THEN \(Schema.text("a.unrecognised_flags"))
          ELSE \(Schema.names("response_flag", "a.response_flags", empty: "''")) END
      """
    ),
    ("service", "\(Schema.text("a.service_host")) || ifnull(':' || a.service_port, '')"),
    ("subset", Schema.text("a.subset")),
    (
      "request_id",
      """
      CASE typeof(h.request_id) WHEN 'blob' THEN \(Schema.uuid("h.request_id"))
          WHEN 'integer' THEN \(Schema.text("h.request_id")) ELSE h.request_id END
      """
    ),
    (
      "trace_id",
      """
      CASE typeof(h.trace_id) WHEN 'blob' THEN lower(hex(h.trace_id))
          WHEN 'integer' THEN \(Schema.text("h.trace_id")) ELSE h.trace_id END
      """
    ),
  ]

  private static let addresses = [
    ("upstream_host", Schema.address("a.upstream_host")),
    ("upstream_local_address", Schema.address("h.upstream_local", ip: "a.upstream_local_ip")),
    ("downstream_local_address", Schema.address("a.downstream_local")),
    ("downstream_remote_address", Schema.address("h.downstream_remote", ip: "a.downstream_remote_ip")),
    ("bytes_received", "h.bytes_received"),
    ("bytes_sent", "h.bytes_sent"),
    ("upstream_service_time_ms", "ifnull(h.duration_us, 0) / 1000 - h.service_time_gap_ms"),
    ("user_agent", Schema.anyText("h.user_agent")),
    ("forwarded_for", Schema.anyText("h.forwarded_for")),
    ("requested_server_name", Schema.text("a.requested_server_name")),
    ("upstream_cluster", Schema.text("a.upstream_cluster")),
  ]

  private static let oddities = [
    ("anomalies", Schema.names("anomaly", "a.anomalies", empty: "''")),
    ("start_precision_us", "CASE a.precision % 3 WHEN 1 THEN 1 WHEN 2 THEN 1000000 ELSE 1000 END"),
    ("duration_precision_us", "CASE a.precision / 3 WHEN 1 THEN 1 WHEN 2 THEN 1000000 ELSE 1000 END"),
  ]
}
