/// Tables of schema 10: how far `collect` has read each log (decision 15).
extension Schema {
  static let collected10 = """
    CREATE TABLE collected_log (
      mesh_cluster TEXT NOT NULL,
      namespace TEXT NOT NULL,
      pod TEXT NOT NULL,
      container TEXT NOT NULL,
      uid TEXT NOT NULL,
      restarts INTEGER NOT NULL,
      last_us INTEGER,
      from_us INTEGER,
      is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1)),
      read_as TEXT NOT NULL,
      PRIMARY KEY (mesh_cluster, namespace, pod, container, uid, restarts)
    ) STRICT, WITHOUT ROWID;

    """
}
