-- Hops, with every name resolved.
-- Grain: one row per hop. The columns are those of the view `hops`.
-- Parameters (NULL: no restriction):
--   :since_us, :until_us  start, microseconds since 1970, from (inclusive) and to (exclusive)
--   :source               GLOB on the log's name
--   :service              `host:port`, `host`, or the host's first labels (`httpbin.default`, `httpbin:8000`)
--   :status               response code, e.g. 503
--   :status_class         its hundreds, e.g. 5
--   :role                 client, server, proxy, gateway, unknown
--   :fields               a JSON object: names of the view `attribute_text`, each with the value that a hop has
--   :after                key of the hop behind which to go on
--   :newest_first         not NULL: newest first
--   :limit                rows at most
-- Order: by key, which is by start in milliseconds.
-- A key's milliseconds are the start's, or a few more after a collision; starts outside 1970 to 2248 are clamped.
WITH
  bounds AS MATERIALIZED (
    SELECT
      max(min(max(ifnull(:since_us, 0) / 1000, 0), (1 << 43) - 65) << 20, ifnull(:after, -1) + 1) AS first_id,
      CASE WHEN :until_us IS NULL OR :until_us / 1000 >= (1 << 43) - 65 THEN 9223372036854775807
        ELSE (max(:until_us / 1000, 0) + 64) << 20 END AS last_id),
  matching AS NOT MATERIALIZED (
    SELECT h.id
    FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes
    WHERE h.id BETWEEN (SELECT first_id FROM bounds) AND (SELECT last_id FROM bounds)
      AND (:since_us IS NULL OR (h.id >> 20) * 1000 + h.start_offset_us >= :since_us)
      AND (:until_us IS NULL OR (h.id >> 20) * 1000 + h.start_offset_us < :until_us)
      AND (:source IS NULL OR a.source IN (SELECT id FROM source WHERE name GLOB :source))
      AND (:status IS NULL OR a.response_code = :status)
      AND (:status_class IS NULL OR a.response_code / 100 = :status_class)
      AND (:role IS NULL OR a.role = (SELECT id FROM role WHERE name = :role))
      AND (:fields IS NULL OR NOT EXISTS (
        SELECT 1 FROM json_each(:fields) f WHERE NOT EXISTS (
          SELECT 1 FROM attribute_text t WHERE t.id = a.id AND t.name = f.key AND t.value = f.value)))
      AND (:service IS NULL OR h.attributes IN (
        SELECT w.id FROM attribute_set w JOIN text t ON t.id = w.service_host
        WHERE t.text || ifnull(':' || w.service_port, '') = :service OR t.text = :service
          OR substr(t.text, 1, length(:service) + 1) = :service || '.'
          OR substr(t.text, 1, instr(:service, ':')) = substr(:service, 1, instr(:service, ':') - 1) || '.'
            AND ':' || w.service_port = substr(:service, instr(:service, ':')))))
SELECT hops.*
FROM (
  SELECT * FROM (SELECT id FROM matching WHERE :newest_first IS NULL ORDER BY id LIMIT ifnull(:limit, -1))
  UNION ALL
  SELECT * FROM (SELECT id FROM matching WHERE :newest_first IS NOT NULL ORDER BY id DESC LIMIT ifnull(:limit, -1))
) AS chosen CROSS JOIN hops ON hops.id = chosen.id;
