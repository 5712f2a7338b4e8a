-- The first hop of every trace. A hop that correlation joined to none is a trace of its own; carriers are none.
-- Grain: one row per trace.
-- Parameters (NULL: no restriction): :since_us, :until_us  start of the first hop, from and to (exclusive)
--   :after  the key behind which to go on
-- Order: by key, which is by start in milliseconds.
SELECT h.id AS id, (h.id >> 20) * 1000 + h.start_offset_us AS start_us, a.source AS source, h.line AS line
FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes
WHERE a.role <> 3
  AND NOT EXISTS (SELECT 1 FROM link l WHERE l.hop = h.id AND ifnull(l.trace, l.parent) <> l.hop)
  AND h.id >= max(min(max(ifnull(:since_us, 0) / 1000, 0), (1 << 43) - 65) << 20, ifnull(:after, -1) + 1)
  AND (:since_us IS NULL OR start_us >= :since_us)
  AND (:until_us IS NULL OR start_us < :until_us)
ORDER BY h.id;
