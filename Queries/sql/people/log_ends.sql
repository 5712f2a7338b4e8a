-- From where to where the store has the log of a container: `meshweft collect` reads on from there.
-- Grain: one row per source whose pod is known and that has hops.
-- Parameters (NULL: no restriction): :until_us  hops that end later are left out: their clock is wrong
-- Order: mesh cluster, namespace, pod, container, log.
SELECT s.mesh_cluster AS mesh_cluster, s.namespace AS namespace, s.pod AS pod, s.container AS container,
  c.first_start_us AS first_start_us, c.last_end_us AS last_end_us
FROM source s JOIN (
  SELECT a.source AS source, min((h.id >> 20) * 1000 + h.start_offset_us) AS first_start_us,
    max((h.id >> 20) * 1000 + h.start_offset_us + max(ifnull(h.duration_us, 0), 0)) AS last_end_us
  FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes
  WHERE :until_us IS NULL
    OR (h.id >> 20) * 1000 + h.start_offset_us + max(ifnull(h.duration_us, 0), 0) <= :until_us
  GROUP BY a.source) c ON c.source = s.id
WHERE s.pod <> ''
ORDER BY s.mesh_cluster, s.namespace, s.pod, s.container, s.name;
