/// Views for people and their tools (sqlite3, Datasette, Grafana): every name resolved, every unit in its name.
extension Schema {
  static let views2 = timesView + sourcesView + HopsView.create(2) + linksView + legsView

  /// Text of a `text (id)` reference.
  static func text(_ column: String) -> String {
    "(SELECT text FROM text WHERE id = \(column))"
  }

  /// Text of an `ANY` column: an INTEGER is a `text (id)`, TEXT is itself.
  static func anyText(_ column: String) -> String {
    "CASE typeof(\(column)) WHEN 'integer' THEN \(text(column)) ELSE \(column) END"
  }

  /// Text of an address: `ip << 16 | port`, or negative for `text (id)`.
  static func address(_ column: String) -> String {
    """
    CASE WHEN \(column) > 0 THEN printf('%d.%d.%d.%d:%d', \(column) >> 40 & 255, \(column) >> 32 & 255,
        \(column) >> 24 & 255, \(column) >> 16 & 255, \(column) & 65535)
      WHEN \(column) < 0 THEN \(text("-" + column)) END
    """
  }

  /// Text of an address whose IP stands with the attributes: of the port, less 32 768, in the row.
  static func address(_ column: String, ip: String) -> String {
    """
    CASE WHEN \(ip) IS NULL THEN \(address(column)) ELSE printf('%d.%d.%d.%d:%d', \(ip) >> 24 & 255,
        \(ip) >> 16 & 255, \(ip) >> 8 & 255, \(ip) & 255, \(column) + 32768) END
    """
  }

  /// A set of bits as the names of a vocabulary table, comma between.
  static func names(_ table: String, _ column: String, empty: String) -> String {
    """
    CASE WHEN ifnull(\(column), 0) = 0 THEN \(empty) ELSE ifnull((SELECT group_concat(name) FROM
      (SELECT name FROM \(table) WHERE \(column) >> bit & 1 ORDER BY bit)), \(empty)) END
    """
  }

  /// 16 bytes as a UUID's text.
  static func uuid(_ column: String) -> String {
    let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)].map { "substr(x, \($0.0), \($0.1))" }
    return "(SELECT \(parts.joined(separator: " || '-' || ")) FROM (SELECT lower(hex(\(column))) AS x))"
  }

  /// Start and end of every hop in microseconds since the epoch: the key's milliseconds plus the offset.
  private static let timesView = """
    CREATE VIEW hop_time AS
    SELECT id, (id >> 20) * 1000 + start_offset_us AS start_us,
      (id >> 20) * 1000 + start_offset_us + max(ifnull(duration_us, 0), 0) AS end_us
    FROM hop;

    """

  /// RFC 3339 in UTC, with milliseconds, or with microseconds where the line's format had them.
  static func rfc3339(_ microseconds: String, fine: String) -> String {
    """
    strftime('%Y-%m-%dT%H:%M:%S',
        (\(microseconds) - ((\(microseconds) % 1000000) + 1000000) % 1000000) / 1000000, 'unixepoch') ||
      CASE WHEN \(fine) THEN printf('.%06dZ', ((\(microseconds) % 1000000) + 1000000) % 1000000)
        ELSE printf('.%03dZ', ((\(microseconds) % 1000000) + 1000000) % 1000000 / 1000) END
    """
  }

  private static let sourcesView = """
    CREATE VIEW sources AS
    SELECT s.name AS source, s.mesh_cluster AS mesh_cluster, s.namespace AS namespace, s.pod AS pod,
      s.container AS container, s.workload AS workload,
      ifnull(c.hops, 0) AS hops, c.first_start_us AS first_start_us, c.last_start_us AS last_start_us
    FROM source s LEFT JOIN (
      SELECT a.source AS source, count(*) AS hops, min(t.start_us) AS first_start_us, max(t.start_us) AS last_start_us
      FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes CROSS JOIN hop_time t ON t.id = h.id
      GROUP BY a.source) c ON c.source = s.id;

    """

  private static var linksView: String {
    """
    CREATE VIEW links AS
    SELECT l.hop AS hop, coalesce(l.trace, l.parent, l.hop) AS trace_root,
      l.parent AS parent, CASE WHEN l.parent IS NOT NULL THEN (10000 - (l.claims >> 33)) / 10000.0 END
        AS parent_confidence,
      \(names("evidence", "(l.claims >> 11 & 255)", empty: "NULL")) AS parent_evidence,
      l.carrier AS carrier, CASE WHEN l.carrier IS NOT NULL THEN (10000 - (l.claims >> 19 & 16383)) / 10000.0 END
        AS carrier_confidence,
      \(names("evidence", "(l.claims >> 3 & 255)", empty: "NULL")) AS carrier_evidence,
      (SELECT name FROM carrier_status WHERE id = l.claims & 7) AS carrier_status,
      r.other AS runner_up, r.margin / 10000.0 AS margin
    FROM link l LEFT JOIN runner_up r ON r.hop = l.hop;

    """
  }

  /// With a host's own mesh cluster and pod.
  static var views7: String {
    legsView.replacing(
      "AS host,\n", with: "AS host,\n  h.mesh_cluster AS host_mesh_cluster, h.pod AS host_pod,\n",
      maxReplacements: 1
    ).replacing(
      "LEFT JOIN source c ON", with: "LEFT JOIN source h ON h.id = g.host_source LEFT JOIN source c ON",
      maxReplacements: 1)
  }

  private static var legsView: String {
    func pod(_ table: String) -> String {
      "CASE WHEN \(table).pod = '' THEN \(table).name ELSE \(table).pod END"
    }
    return """
      CREATE VIEW legs AS
      SELECT r.bucket_us / 1000000 AS bucket_s, \(rfc3339("r.bucket_us", fine: "0")) AS bucket_time,
        \(text("g.service_host")) || CASE g.service_port WHEN 0 THEN '' ELSE ':' || g.service_port END AS service,
        \(address("g.host")) AS host,
        c.mesh_cluster AS client_mesh_cluster, c.workload AS client_workload, \(pod("c")) AS client_pod,
        p.mesh_cluster AS proxy_mesh_cluster, p.workload AS proxy_workload, \(pod("p")) AS proxy_pod,
        s.mesh_cluster AS server_mesh_cluster, s.workload AS server_workload, \(pod("s")) AS server_pod,
        (SELECT name FROM carrier_status WHERE id = g.carrier_status) AS carrier_status,
        \(names("response_flag", "g.response_flags", empty: "''")) AS response_flags,
        CASE WHEN g.failure_code >= 0 THEN g.failure_code END AS failure_code,
        r.requests AS requests, r.attempts AS attempts, r.connections AS connections,
        r.client_us / 1000.0 AS client_ms, r.server_us / 1000.0 AS server_ms, r.busy_us / 1000.0 AS busy_ms,
        r.bytes_sent AS bytes_sent, r.bytes_received AS bytes_received
      FROM leg_rollup r JOIN leg_group g ON g.id = r.leg_group LEFT JOIN source c ON c.id = g.client
        LEFT JOIN source p ON p.id = g.proxy LEFT JOIN source s ON s.id = g.server;

      """
  }
}
