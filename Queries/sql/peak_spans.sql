-- leg_peaks.sql over spans of five minutes, an hour or a day.
-- Grain: one row per span, series (1 host, 2 service, 3 source, 4 proxy), service
--   and name: the host's address, or the pod.
-- Parameters (NULL: no restriction, but for the first):
--   :width_us             300000000, 3600000000 or 86400000000
--   :series               1 to 4
--   :since_us, :until_us  start of the span, microseconds since 1970, from (inclusive) and to (exclusive)
-- Order: by span.
SELECT p.bucket_us AS bucket_us, p.series AS series,
  t.text || CASE p.service_port WHEN 0 THEN '' ELSE ':' || p.service_port END AS service,
  CASE WHEN p.series IN (3, 4) THEN CASE WHEN s.pod = '' THEN s.name ELSE s.pod END
    WHEN p.key > 0 THEN printf('%d.%d.%d.%d:%d', p.key >> 40 & 255, p.key >> 32 & 255, p.key >> 24 & 255,
      p.key >> 16 & 255, p.key & 65535)
    WHEN p.key < 0 THEN (SELECT text FROM text WHERE id = -p.key) END AS name,
  s.mesh_cluster AS mesh_cluster, p.in_flight AS in_flight
FROM peak_span p LEFT JOIN text t ON t.id = p.service_host
  LEFT JOIN source s ON p.series IN (3, 4) AND s.id = p.key
WHERE p.width_us = :width_us AND (:series IS NULL OR p.series = :series)
  AND p.bucket_us >= ifnull(:since_us, -9223372036854775808)
  AND p.bucket_us < ifnull(:until_us, 9223372036854775807)
ORDER BY p.bucket_us;
