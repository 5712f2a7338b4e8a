-- Hops whose traces match a search, newest first: read until there are enough different roots.
-- Grain: one row per matching hop (carriers are none); several hops of one trace may match.
-- Parameters (NULL: no restriction):
--   :since_us, :until_us  start of the hop, microseconds since 1970, from (inclusive) and to (exclusive)
--   :service              `host:port`, `host`, or the host's first labels (`httpbin.default`, `httpbin:8000`)
--   :path                 GLOB on the request's path
--   :status, :status_class  response code, or its hundreds
--   :flags                response flags as a set of bits: all of them are set, in its line or in that of the connection that
--                         carried it
--   :min_duration_us      duration, at least
--   :from, :to            mesh clusters of the client and of the server that answers it
-- Order: by key, which is by start in milliseconds; newest first.
SELECT coalesce(l.trace, l.parent, h.id) AS root, h.id AS hop
FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes LEFT JOIN link l ON l.hop = h.id
WHERE a.role <> 3
  AND h.id >= min(max(ifnull(:since_us, 0) / 1000, 0), (1 << 43) - 65) << 20
  AND (:since_us IS NULL OR (h.id >> 20) * 1000 + h.start_offset_us >= :since_us)
  AND (:until_us IS NULL OR (h.id >> 20) * 1000 + h.start_offset_us < :until_us)
  AND (:min_duration_us IS NULL OR h.duration_us >= :min_duration_us)
  AND (:flags IS NULL OR a.response_flags & :flags = :flags
    OR EXISTS (SELECT 1 FROM hop c CROSS JOIN attribute_set ca ON ca.id = c.attributes
      WHERE c.id = l.carrier AND ca.response_flags & :flags = :flags))
  AND (:status IS NULL OR a.response_code = :status)
  AND (:status_class IS NULL OR a.response_code / 100 = :status_class)
  AND (:service IS NULL OR h.attributes IN (
    SELECT w.id FROM attribute_set w JOIN text t ON t.id = w.service_host
    WHERE t.text || ifnull(':' || w.service_port, '') = :service OR t.text = :service
      OR substr(t.text, 1, length(:service) + 1) = :service || '.'
      OR substr(t.text, 1, instr(:service, ':')) = substr(:service, 1, instr(:service, ':') - 1) || '.'
        AND ':' || w.service_port = substr(:service, instr(:service, ':'))))
  AND (:path IS NULL OR CASE typeof(h.path) WHEN 'integer' THEN (SELECT text FROM text WHERE id = h.path)
    ELSE h.path END GLOB :path)
  AND ((:from IS NULL AND :to IS NULL) OR EXISTS (
    SELECT 1 FROM hop p JOIN attribute_set pa ON pa.id = p.attributes JOIN source ps ON ps.id = pa.source
      JOIN source hs ON hs.id = a.source
    WHERE a.role = 2 AND p.id = l.parent AND (:from IS NULL OR ps.mesh_cluster = :from)
      AND (:to IS NULL OR hs.mesh_cluster = :to)))
ORDER BY h.id DESC;
