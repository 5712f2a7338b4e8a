-- From when to when each hop of a source was running: between them are the source's silences.
-- Grain: one row per hop.
-- Parameters (NULL: no restriction): :source  GLOB on the log's name
-- Order: by key, which is by start in milliseconds.
SELECT a.source AS source, (h.id >> 20) * 1000 + h.start_offset_us AS start_us,
  (h.id >> 20) * 1000 + h.start_offset_us + max(ifnull(h.duration_us, 0), 0) AS end_us
FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes
WHERE :source IS NULL OR a.source IN (SELECT id FROM source WHERE name GLOB :source)
ORDER BY h.id;
