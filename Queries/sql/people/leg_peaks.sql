-- The most requests that were in flight at once.
-- Grain: one row per minute (or shorter unit of time) or span of rollup_spans.sql, series (1 host, 2 service, 3 source, 4 proxy), service
--   and name: the host's address, or the pod; of a host once for each source that had the address (host_source, 0 where not known).
-- Parameters (NULL: no restriction):
--   :width_us             300000000, 3600000000 or 86400000000 for spans of that width; NULL for units of time
--   :series               1 to 4
--   :since_us, :until_us  bucket, microseconds since 1970, from (inclusive) and to (exclusive)
-- Order: by bucket.
SELECT p.bucket_us AS bucket_us, p.series AS series,
  t.text || CASE p.service_port WHEN 0 THEN '' ELSE ':' || p.service_port END AS service,
  CASE WHEN p.series IN (3, 4) THEN CASE WHEN s.pod = '' THEN s.name ELSE s.pod END
    WHEN p.key > 0 THEN printf('%d.%d.%d.%d:%d', p.key >> 40 & 255, p.key >> 32 & 255, p.key >> 24 & 255,
      p.key >> 16 & 255, p.key & 65535)
    WHEN p.key < 0 THEN (SELECT text FROM text WHERE id = -p.key) END AS name,
  s.mesh_cluster AS mesh_cluster, p.in_flight AS in_flight, p.key AS key, p.host_source AS host_source
FROM (
    SELECT bucket_us, series, service_host, service_port, key, host_source, in_flight FROM leg_peak WHERE :width_us IS NULL
    UNION ALL
    SELECT bucket_us, series, service_host, service_port, key, host_source, in_flight FROM peak_span WHERE width_us = :width_us
  ) p LEFT JOIN text t ON t.id = p.service_host
  LEFT JOIN source s ON p.series IN (3, 4) AND s.id = p.key
WHERE (:series IS NULL OR p.series = :series)
  AND p.bucket_us >= ifnull(:since_us, -9223372036854775808)
  AND p.bucket_us < ifnull(:until_us, 9223372036854775807)
ORDER BY p.bucket_us;
