/// Tables of schema 9: what Kubernetes objects say (docs/explanation/decisions/0017-kubernetes-objects.md).
extension Schema {
  static let kubernetes9 = """
    CREATE TABLE kubernetes_object (
      id INTEGER PRIMARY KEY,
      kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 4),
      mesh_cluster TEXT NOT NULL,
      namespace TEXT NOT NULL,
      name TEXT NOT NULL,
      uid TEXT NOT NULL,
      version INTEGER NOT NULL,
      first_us INTEGER,
      last_us INTEGER,
      owner TEXT NOT NULL,
      node TEXT NOT NULL,
      zone TEXT NOT NULL,
      is_settled INTEGER NOT NULL CHECK (is_settled IN (0, 1)),
      UNIQUE (kind, mesh_cluster, namespace, name, uid)
    ) STRICT;
    CREATE INDEX kubernetes_unsettled ON kubernetes_object (id) WHERE is_settled = 0;

    CREATE INDEX kubernetes_uid ON kubernetes_object (uid);

    CREATE TABLE kubernetes_endpoint (
      id INTEGER PRIMARY KEY,
      object INTEGER NOT NULL REFERENCES kubernetes_object (id),
      address TEXT NOT NULL,
      port INTEGER NOT NULL,
      port_name TEXT NOT NULL,
      pod TEXT NOT NULL,
      zone TEXT NOT NULL,
      UNIQUE (object, address, port, port_name, pod, zone)
    ) STRICT;

    """
}
