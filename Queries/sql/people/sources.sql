-- Sources: which logs are in the store, what they hold, and from when to when.
-- Grain: one row per source.
-- Parameters (NULL: no restriction): :source  GLOB on the log's name
-- Order: mesh cluster, namespace, pod, container, log.
SELECT s.id AS id, s.name AS source, s.mesh_cluster AS mesh_cluster, s.namespace AS namespace, s.pod AS pod,
  s.container AS container, s.workload AS workload, ifnull(c.hops, 0) AS hops,
  c.first_start_us AS first_start_us, c.last_start_us AS last_start_us,
  ifnull(c.client_hops, 0) AS client_hops, ifnull(c.server_hops, 0) AS server_hops,
  ifnull(c.proxy_hops, 0) AS proxy_hops, ifnull(c.gateway_hops, 0) AS gateway_hops,
  ifnull(c.unknown_hops, 0) AS unknown_hops
FROM source s LEFT JOIN (
  SELECT a.source AS source, count(*) AS hops,
    min((h.id >> 20) * 1000 + h.start_offset_us) AS first_start_us,
    max((h.id >> 20) * 1000 + h.start_offset_us) AS last_start_us,
    sum(a.role = 1) AS client_hops, sum(a.role = 2) AS server_hops, sum(a.role = 3) AS proxy_hops,
    sum(a.role = 4) AS gateway_hops, sum(a.role = 0) AS unknown_hops
  FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes
  GROUP BY a.source) c ON c.source = s.id
WHERE :source IS NULL OR s.name GLOB :source
ORDER BY s.mesh_cluster, s.namespace, s.pod, s.container, s.name;
