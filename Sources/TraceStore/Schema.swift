/// The database's tables and views, version by version. docs/schema.md explains them to people.
enum Schema {
  /// `PRAGMA application_id`: "MWft". `file` and meshweft itself know a store by it.
  static let applicationID: UInt32 = 0x4D57_6674

  /// What brings a database from `version - 1` to `version`. Steps are only ever added.
  struct Step: Sendable {
    var version: Int
    var sql: String
  }

  static let steps = [Step(version: 1, sql: tables1 + rollups1 + vocabulary1 + views1)]

  /// `PRAGMA user_version` of a database that this code reads and writes.
  static var current: Int { steps.last?.version ?? 0 }

  private static let tables1 = """
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
      downstream_local INTEGER
    ) STRICT;
    CREATE INDEX attribute_set_hash ON attribute_set (hash);

    CREATE TABLE hop (
      id INTEGER PRIMARY KEY,
      identity_check INTEGER NOT NULL,
      start_offset_us INTEGER NOT NULL,
      source INTEGER NOT NULL REFERENCES source (id),
      line INTEGER NOT NULL,
      attributes INTEGER NOT NULL REFERENCES attribute_set (id),
      path ANY,
      user_agent ANY,
      request_id ANY,
      duration_us INTEGER,
      upstream_service_time_ms INTEGER,
      bytes_received INTEGER,
      bytes_sent INTEGER,
      upstream_local INTEGER,
      downstream_remote INTEGER,
      precision INTEGER NOT NULL,
      anomalies INTEGER NOT NULL,
      forwarded_for ANY,
      trace_id ANY
    ) STRICT;

    CREATE INDEX hop_long ON hop (duration_us) WHERE duration_us >= 15000000;

    CREATE TABLE identifier (
      run INTEGER NOT NULL,
      key INTEGER NOT NULL,
      hop INTEGER NOT NULL REFERENCES hop (id),
      PRIMARY KEY (run, key, hop)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE link (
      hop INTEGER PRIMARY KEY REFERENCES hop (id),
      trace INTEGER REFERENCES hop (id),
      parent INTEGER REFERENCES hop (id),
      parent_confidence INTEGER CHECK (parent_confidence BETWEEN 0 AND 10000),
      parent_evidence INTEGER,
      carrier INTEGER REFERENCES hop (id),
      carrier_confidence INTEGER CHECK (carrier_confidence BETWEEN 0 AND 10000),
      carrier_evidence INTEGER,
      carrier_status INTEGER NOT NULL REFERENCES carrier_status (id),
      runner_up INTEGER REFERENCES hop (id),
      margin INTEGER CHECK (margin BETWEEN 0 AND 10000)
    ) STRICT;
    CREATE INDEX link_trace ON link (trace) WHERE trace IS NOT NULL;

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
