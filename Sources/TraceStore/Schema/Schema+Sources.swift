/// Tables of schema 7: what was told about sources, and hosts with the pods that they were.
extension Schema {
  static let sources7 = tables7 + rollups7 + views7

  private static let tables7 = """
    CREATE TABLE told_source (
      id INTEGER PRIMARY KEY,
      pod TEXT NOT NULL,
      address TEXT NOT NULL,
      name TEXT NOT NULL,
      mesh_cluster TEXT NOT NULL,
      namespace TEXT NOT NULL,
      container TEXT NOT NULL,
      source INTEGER NOT NULL,
      first_us INTEGER,
      settled_first_us INTEGER,
      is_settled INTEGER NOT NULL CHECK (is_settled IN (0, 1)),
      is_doubtful INTEGER NOT NULL CHECK (is_doubtful IN (0, 1)),
      UNIQUE (pod, address, name, mesh_cluster, namespace, container)
    ) STRICT;

    CREATE TABLE source_before AS SELECT * FROM source;
    DROP TABLE source;
    CREATE TABLE source (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      mesh_cluster TEXT NOT NULL,
      namespace TEXT NOT NULL,
      pod TEXT NOT NULL,
      container TEXT NOT NULL,
      workload TEXT NOT NULL,
      address TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX source_name ON source (name, pod);
    INSERT INTO source (id, name, mesh_cluster, namespace, pod, container, workload)
      SELECT id, name, mesh_cluster, namespace, pod, container, workload FROM source_before;
    DROP TABLE source_before;

    ALTER TABLE attribute_set ADD COLUMN told INTEGER NOT NULL DEFAULT 0 REFERENCES told_source (id);

    """

  /// What is added up is added up anew.
  private static let rollups7 = """
    DROP VIEW legs;
    DELETE FROM leg_rollup;
    DELETE FROM leg_span;
    DELETE FROM rollup_span;
    DELETE FROM connection_span;
    DROP TABLE leg_group;
    DROP TABLE leg_peak;
    DROP TABLE peak_span;

    CREATE TABLE leg_group (
      id INTEGER PRIMARY KEY,
      service_host INTEGER NOT NULL,
      service_port INTEGER NOT NULL,
      host INTEGER NOT NULL,
      host_source INTEGER NOT NULL,
      client INTEGER NOT NULL,
      first_proxy INTEGER NOT NULL,
      proxy INTEGER NOT NULL,
      server INTEGER NOT NULL,
      carrier_status INTEGER NOT NULL REFERENCES carrier_status (id),
      response_flags INTEGER NOT NULL,
      failure_code INTEGER NOT NULL,
      UNIQUE (service_host, service_port, host, host_source, client, first_proxy, proxy, server, carrier_status,
        response_flags, failure_code)
    ) STRICT;

    CREATE TABLE leg_peak (
      bucket_us INTEGER NOT NULL,
      series INTEGER NOT NULL,
      service_host INTEGER NOT NULL,
      service_port INTEGER NOT NULL,
      key INTEGER NOT NULL,
      host_source INTEGER NOT NULL,
      in_flight INTEGER NOT NULL,
      PRIMARY KEY (bucket_us, series, service_host, service_port, key, host_source)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE peak_span (
      width_us INTEGER NOT NULL,
      bucket_us INTEGER NOT NULL,
      series INTEGER NOT NULL,
      service_host INTEGER NOT NULL,
      service_port INTEGER NOT NULL,
      key INTEGER NOT NULL,
      host_source INTEGER NOT NULL,
      in_flight INTEGER NOT NULL,
      PRIMARY KEY (width_us, bucket_us, series, service_host, service_port, key, host_source)
    ) STRICT, WITHOUT ROWID;

    """
}
