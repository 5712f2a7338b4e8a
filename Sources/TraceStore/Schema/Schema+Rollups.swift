/// Tables that reports read instead of hops; correlation writes them piece by piece of time, with the links.
extension Schema {
  static let rollups2 = """
    CREATE TABLE leg_group (
      id INTEGER PRIMARY KEY,
      service_host INTEGER NOT NULL,
      service_port INTEGER NOT NULL,
      host INTEGER NOT NULL,
      client INTEGER NOT NULL,
      first_proxy INTEGER NOT NULL,
      proxy INTEGER NOT NULL,
      server INTEGER NOT NULL,
      carrier_status INTEGER NOT NULL REFERENCES carrier_status (id),
      response_flags INTEGER NOT NULL,
      failure_code INTEGER NOT NULL,
      UNIQUE (service_host, service_port, host, client, first_proxy, proxy, server, carrier_status,
        response_flags, failure_code)
    ) STRICT;

    CREATE TABLE leg_rollup (
      bucket_us INTEGER NOT NULL,
      leg_group INTEGER NOT NULL REFERENCES leg_group (id),
      requests INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      connections INTEGER NOT NULL,
      client_us INTEGER NOT NULL,
      server_us INTEGER NOT NULL,
      busy_us INTEGER NOT NULL,
      bytes_sent INTEGER NOT NULL,
      bytes_received INTEGER NOT NULL,
      confidence_sum INTEGER NOT NULL,
      confidence_min INTEGER NOT NULL CHECK (confidence_min BETWEEN 0 AND 10000),
      first_start_us INTEGER NOT NULL,
      last_start_us INTEGER NOT NULL,
      connection_keys BLOB NOT NULL,
      client_times BLOB NOT NULL,
      server_times BLOB NOT NULL,
      border_times BLOB NOT NULL,
      slowest BLOB NOT NULL,
      costliest BLOB NOT NULL,
      PRIMARY KEY (bucket_us, leg_group)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE leg_peak (
      bucket_us INTEGER NOT NULL,
      series INTEGER NOT NULL,
      service_host INTEGER NOT NULL,
      service_port INTEGER NOT NULL,
      key INTEGER NOT NULL,
      in_flight INTEGER NOT NULL,
      PRIMARY KEY (bucket_us, series, service_host, service_port, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE clock_estimate (
      unit_us INTEGER NOT NULL,
      client_mesh_cluster TEXT NOT NULL,
      server_mesh_cluster TEXT NOT NULL,
      reference_us INTEGER NOT NULL,
      offset_us REAL NOT NULL,
      drift_ppm REAL NOT NULL,
      uncertainty_us REAL NOT NULL,
      requests INTEGER NOT NULL,
      PRIMARY KEY (unit_us, client_mesh_cluster, server_mesh_cluster)
    ) STRICT, WITHOUT ROWID;

    """
}
