-- Hops that failed, of every kind of failure the newest, so that one kind does not hide the others.
-- Grain: one row per failed hop of role client, server or gateway; several hops of one trace may have failed.
--   A kind is a service, a response code and a set of response flags. Failed: no response, 5xx, or any flag.
-- Parameters (NULL: no restriction):
--   :since_us, :until_us  start of the hop, microseconds since 1970, from (inclusive) and to (exclusive)
--   :service              `host:port`, `host`, or the host's first labels (`httpbin.default`)
--   :limit                rows at most of each kind
-- Order: the newest of each kind first, then the second newest of each, and so on; within, newest first.
WITH
  bounds AS MATERIALIZED (
    SELECT
      min(max(ifnull(:since_us, 0) / 1000, 0), (1 << 43) - 65) << 20 AS first_id,
      CASE WHEN :until_us IS NULL OR :until_us / 1000 >= (1 << 43) - 65 THEN 9223372036854775807
        ELSE (max(:until_us / 1000, 0) + 64) << 20 END AS last_id),
  failed AS MATERIALIZED (
    SELECT a.id, a.role, a.service_host, a.service_port, a.response_code, a.response_flags
    FROM attribute_set a
    WHERE a.role <> 3 AND (ifnull(a.response_code, 0) = 0 OR a.response_code >= 500 OR a.response_flags <> 0)
      AND (:service IS NULL OR a.id IN (
        SELECT w.id FROM attribute_set w JOIN text t ON t.id = w.service_host
        WHERE t.text || ifnull(':' || w.service_port, '') = :service OR t.text = :service
          OR substr(t.text, 1, length(:service) + 1) = :service || '.'))),
  ranked AS (
    SELECT h.id AS hop,
      row_number() OVER (
        PARTITION BY a.role, a.service_host, a.service_port, a.response_code, a.response_flags
        ORDER BY h.id DESC) AS place
    FROM hop h CROSS JOIN failed a ON a.id = h.attributes
    WHERE h.id BETWEEN (SELECT first_id FROM bounds) AND (SELECT last_id FROM bounds)
      AND (:since_us IS NULL OR (h.id >> 20) * 1000 + h.start_offset_us >= :since_us)
      AND (:until_us IS NULL OR (h.id >> 20) * 1000 + h.start_offset_us < :until_us))
SELECT coalesce(l.trace, l.parent, r.hop) AS root, r.hop AS hop
FROM ranked r LEFT JOIN link l ON l.hop = r.hop
WHERE :limit IS NULL OR r.place <= :limit
ORDER BY r.place, r.hop DESC;
