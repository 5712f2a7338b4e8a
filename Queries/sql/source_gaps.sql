-- The largest silences of each source: stretches in which none of its hops was running.
-- Grain: one row per source and silence.
-- Parameters (NULL: no restriction):
--   :source     GLOB on the log's name
--   :minimum_us shortest silence that counts, microseconds
--   :limit      silences per source at most
-- Order: source as in sources.sql's id, longest first.
WITH
  ends AS (
    SELECT h.source AS source, t.start_us AS start_us,
      max(t.end_us) OVER (PARTITION BY h.source ORDER BY t.start_us, h.id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS quiet_from_us
    FROM hop h CROSS JOIN hop_time t ON t.id = h.id
    WHERE :source IS NULL OR h.source IN (SELECT id FROM source WHERE name GLOB :source)),
  ranked AS (
    SELECT source, quiet_from_us, start_us - quiet_from_us AS silence_us,
      row_number() OVER (PARTITION BY source ORDER BY start_us - quiet_from_us DESC, start_us) AS place
    FROM ends
    WHERE start_us - quiet_from_us > 0 AND (:minimum_us IS NULL OR start_us - quiet_from_us >= :minimum_us))
SELECT source, quiet_from_us, silence_us
FROM ranked
WHERE :limit IS NULL OR place <= :limit
ORDER BY source, place;
