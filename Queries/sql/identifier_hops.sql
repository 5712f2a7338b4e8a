-- Hops by the first 64 bits of a request or trace id.
-- Grain: one row per hop and matching id.
-- Parameters:
--   :first, :last  the smallest and the largest key; of a prefix, the digits filled up with 0 and with f
-- Order: by hop. One seek per run of `identifier`.
WITH RECURSIVE runs (run) AS (
  SELECT min(run) FROM identifier
  UNION ALL
  SELECT (SELECT min(run) FROM identifier WHERE run > runs.run) FROM runs WHERE runs.run IS NOT NULL)
SELECT i.hop AS hop, h.request_id AS request_id, h.trace_id AS trace_id
FROM runs CROSS JOIN identifier i ON i.run = runs.run AND i.key BETWEEN :first AND :last
  CROSS JOIN hops h ON h.id = i.hop
ORDER BY i.hop;
