-- From when to when each hop of a source was running: between them are the source's silences.
-- Grain: one row per hop.
-- Parameters (NULL: no restriction): :source  GLOB on the log's name
-- Order: by key, which is by start in milliseconds.
SELECT source, (id >> 20) * 1000 + start_offset_us AS start_us,
  (id >> 20) * 1000 + start_offset_us + max(ifnull(duration_us, 0), 0) AS end_us
FROM hop
WHERE :source IS NULL OR source IN (SELECT id FROM source WHERE name GLOB :source)
ORDER BY id;
