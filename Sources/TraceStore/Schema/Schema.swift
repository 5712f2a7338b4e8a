internal import GRDB

/// The database's tables and views, version by version. docs/reference/schema.md explains them to people.
enum Schema {
  /// What brings a database from `version - 1` to `version`. Steps are only ever added.
  struct Step: Sendable {
    var version: Int
    var sql: String
    /// What SQL cannot do, in the same transaction: gets the version that the database had, 0 for a new one.
    var run: (@Sendable (Database, Int) throws -> Void)?
  }

  /// Keys from a trace's first hop on within which its other hops are found by reading: half a second. Those further
  /// away, or before it because clocks are apart, are in the index `link_far` (docs/explanation/decisions/0003-storage-layout.md).
  static let nearKeys: Int64 = 500 << HopKey.hashBits

  /// Of rows that `link_far` has.
  static let farCondition =
    "ifnull(trace, parent) IS NOT NULL AND hop - ifnull(trace, parent) NOT BETWEEN 0 AND \(nearKeys)"

  static let tables2 = """
    CREATE TABLE source (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      mesh_cluster TEXT NOT NULL,
      namespace TEXT NOT NULL,
      pod TEXT NOT NULL,
      container TEXT NOT NULL,
      workload TEXT NOT NULL,
      UNIQUE (name, mesh_cluster, namespace, pod, container)
    ) STRICT;

    CREATE TABLE text (
      id INTEGER PRIMARY KEY,
      hash INTEGER NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX text_hash ON text (hash);

    CREATE TABLE attribute_set (
      id INTEGER PRIMARY KEY,
      hash INTEGER NOT NULL,
      source INTEGER NOT NULL REFERENCES source (id),
      role INTEGER NOT NULL REFERENCES role (id),
      response_flags INTEGER NOT NULL,
      response_code INTEGER,
      protocol INTEGER REFERENCES text (id),
      method INTEGER REFERENCES text (id),
      authority INTEGER REFERENCES text (id),
      route_name INTEGER REFERENCES text (id),
      upstream_cluster INTEGER REFERENCES text (id),
      requested_server_name INTEGER REFERENCES text (id),
      response_code_details INTEGER REFERENCES text (id),
      connection_termination_details INTEGER REFERENCES text (id),
      upstream_transport_failure_reason INTEGER REFERENCES text (id),
      istio_policy_status INTEGER REFERENCES text (id),
      access_log_type INTEGER REFERENCES text (id),
      unrecognised_flags INTEGER REFERENCES text (id),
      service_host INTEGER REFERENCES text (id),
      service_port INTEGER,
      subset INTEGER REFERENCES text (id),
      upstream_host INTEGER,
      downstream_local INTEGER,
      upstream_local_ip INTEGER,
      downstream_remote_ip INTEGER,
      precision INTEGER NOT NULL,
      anomalies INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX attribute_set_hash ON attribute_set (hash);

    CREATE TABLE hop (
      id INTEGER PRIMARY KEY,
      identity_check INTEGER NOT NULL,
      start_offset_us INTEGER NOT NULL,
      line INTEGER NOT NULL,
      attributes INTEGER NOT NULL REFERENCES attribute_set (id),
      path ANY,
      user_agent ANY,
      request_id ANY,
      duration_us INTEGER,
      service_time_gap_ms INTEGER,
      bytes_received INTEGER,
      bytes_sent INTEGER,
      upstream_local INTEGER,
      downstream_remote INTEGER,
      forwarded_for ANY,
      trace_id ANY
    ) STRICT;

    CREATE INDEX hop_long ON hop (duration_us) WHERE duration_us >= 15000000;

    CREATE TABLE identifier_run (
      id INTEGER PRIMARY KEY,
      entries INTEGER NOT NULL,
      first_hop INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE identifier_block (
      id INTEGER PRIMARY KEY,
      entries BLOB NOT NULL
    ) STRICT;

    CREATE TABLE link (
      hop INTEGER PRIMARY KEY REFERENCES hop (id),
      trace INTEGER REFERENCES hop (id),
      parent INTEGER REFERENCES hop (id),
      carrier INTEGER REFERENCES hop (id),
      claims INTEGER NOT NULL CHECK (claims BETWEEN 0 AND 140737488355327)
    ) STRICT;
    CREATE INDEX link_far ON link (ifnull(trace, parent))
      WHERE \(farCondition);

    CREATE TABLE runner_up (
      hop INTEGER PRIMARY KEY REFERENCES link (hop),
      other INTEGER NOT NULL REFERENCES hop (id),
      margin INTEGER CHECK (margin BETWEEN 0 AND 10000)
    ) STRICT;

    CREATE TABLE extra_via (
      hop INTEGER NOT NULL REFERENCES link (hop),
      carrier INTEGER NOT NULL REFERENCES hop (id),
      confidence INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 10000),
      evidence INTEGER NOT NULL,
      PRIMARY KEY (hop, carrier)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE hop_count (
      stretch INTEGER PRIMARY KEY,
      hops INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE pending (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      first_start_us INTEGER NOT NULL,
      last_end_us INTEGER NOT NULL,
      only_connections INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE correlated_unit (
      first_start_us INTEGER PRIMARY KEY,
      last_start_us INTEGER NOT NULL,
      margin_before_us INTEGER NOT NULL,
      margin_after_us INTEGER NOT NULL
    ) STRICT;

    """
}
