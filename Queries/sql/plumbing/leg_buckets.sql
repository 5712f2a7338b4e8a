-- The first units of time of some width in which there was anything: how long the time is that a report shows.
-- It seeks from one to the next, so its price does not grow with the rows in between.
-- Grain: one row per piece; microseconds since 1970.
-- Parameters (NULL: no restriction, but for the first two):
--   :width_us             of a piece
--   :most                 pieces at most
--   :service              as in leg_groups.sql
--   :since_us, :until_us  bucket, from (inclusive) and to (exclusive)
-- Order: by start.
WITH RECURSIVE wanted (id) AS MATERIALIZED (
  SELECT g.id FROM leg_group g JOIN text t ON t.id = g.service_host
  WHERE t.text || ':' || g.service_port = :service OR t.text = :service
    OR substr(t.text, 1, length(:service) + 1) = :service || '.'
    OR substr(t.text, 1, instr(:service, ':')) = substr(:service, 1, instr(:service, ':') - 1) || '.'
      AND ':' || g.service_port = substr(:service, instr(:service, ':'))
), piece (number, start) AS (
  SELECT 0, :since_us - :width_us
  UNION ALL
  SELECT number + 1, (
    SELECT bucket_us - (bucket_us % :width_us + :width_us) % :width_us
    FROM leg_rollup
    WHERE bucket_us >= ifnull(start + :width_us, -9223372036854775808)
      AND bucket_us < ifnull(:until_us, 9223372036854775807)
      AND (:service IS NULL OR leg_group IN (SELECT id FROM wanted))
    ORDER BY bucket_us LIMIT 1)
  FROM piece
  WHERE number < :most AND (number = 0 OR start IS NOT NULL)
)
SELECT start FROM piece WHERE number > 0 AND start IS NOT NULL;
