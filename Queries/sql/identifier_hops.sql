-- Hops by the first 64 bits of a request or trace id.
-- Grain: one row per hop and matching id.
-- Parameters:
--   :first, :last  the smallest and the largest key; of a prefix, the digits filled up with 0 and with f
-- Order: by hop. One seek per run of `identifier`.
WITH RECURSIVE runs (run) AS (
  SELECT min(run) FROM identifier
  UNION ALL
  SELECT (SELECT min(run) FROM identifier WHERE run > runs.run) FROM runs WHERE runs.run IS NOT NULL)
SELECT i.hop AS hop,
  CASE typeof(h.request_id)
    WHEN 'blob' THEN (SELECT substr(x, 1, 8) || '-' || substr(x, 9, 4) || '-' || substr(x, 13, 4) || '-'
      || substr(x, 17, 4) || '-' || substr(x, 21) FROM (SELECT lower(hex(h.request_id)) AS x))
    WHEN 'integer' THEN (SELECT text FROM text WHERE id = h.request_id) ELSE h.request_id END AS request_id,
  CASE typeof(h.trace_id) WHEN 'blob' THEN lower(hex(h.trace_id))
    WHEN 'integer' THEN (SELECT text FROM text WHERE id = h.trace_id) ELSE h.trace_id END AS trace_id
FROM runs CROSS JOIN identifier i ON i.run = runs.run AND i.key BETWEEN :first AND :last
  CROSS JOIN hop h ON h.id = i.hop
ORDER BY i.hop;
