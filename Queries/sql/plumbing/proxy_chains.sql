-- The proxies that requests passed before the last one, where they are more than one.
-- Grain: one row per chain and proxy in it.
-- Parameters: none.
-- Order: by chain, then from the client on.
SELECT c.id AS id, c.source AS source, s.mesh_cluster AS mesh_cluster, s.workload AS workload,
  CASE WHEN s.pod = '' THEN s.name ELSE s.pod END AS pod
FROM proxy_chain c JOIN source s ON s.id = c.source
ORDER BY c.id, c.place;
