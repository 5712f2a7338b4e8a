/// Tables of rollups added up over wider spans of time (docs/explanation/decisions/0010-coarse-rollups.md). They hold nothing that
/// `leg_rollup` and `leg_peak` do not: whoever changes these drops the spans around it (`SpanStatements`).
extension Schema {
  static let spans5 = """
    CREATE TABLE rollup_span (
      width_us INTEGER NOT NULL,
      bucket_us INTEGER NOT NULL,
      legs INTEGER NOT NULL,
      has_connections INTEGER NOT NULL CHECK (has_connections IN (0, 1)),
      PRIMARY KEY (width_us, bucket_us)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE leg_span (
      width_us INTEGER NOT NULL,
      bucket_us INTEGER NOT NULL,
      leg_group INTEGER NOT NULL REFERENCES leg_group (id),
      kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 7),
      requests INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      busy_us INTEGER NOT NULL,
      bytes_sent INTEGER NOT NULL,
      bytes_received INTEGER NOT NULL,
      first_start_us INTEGER NOT NULL,
      last_start_us INTEGER NOT NULL,
      minutes BLOB NOT NULL,
      confidence_sum INTEGER NOT NULL,
      confidence_min INTEGER NOT NULL CHECK (confidence_min BETWEEN 0 AND 10000),
      client_times BLOB NOT NULL,
      server_times BLOB NOT NULL,
      border_times BLOB NOT NULL,
      PRIMARY KEY (width_us, bucket_us, leg_group, kind)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE peak_span (
      width_us INTEGER NOT NULL,
      bucket_us INTEGER NOT NULL,
      series INTEGER NOT NULL,
      service_host INTEGER NOT NULL,
      service_port INTEGER NOT NULL,
      key INTEGER NOT NULL,
      in_flight INTEGER NOT NULL,
      PRIMARY KEY (width_us, bucket_us, series, service_host, service_port, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE connection_span (
      bucket_us INTEGER NOT NULL,
      leg_groups BLOB NOT NULL,
      connection_keys BLOB NOT NULL,
      PRIMARY KEY (bucket_us, leg_groups)
    ) STRICT, WITHOUT ROWID;

    """
}
