-- The parts of the index of request and trace ids in which ids may stand that start with some bits.
-- Grain: one row per block. Entries are packed: Sources/TraceStore/Writing/IdentifierBlock.swift says how.
-- Parameters:
--   :first, :last  the smallest and the largest key: the first 40 bits of an id; of a shorter prefix, the digits filled
--                  up with 0 and with f
-- Order: none. One seek per run; the blocks behind the first one are only looked for where the keys differ, because a
-- block fills a page: reading on would read a second page of each run.
SELECT r.first_hop AS first_hop, b.id & ((1 << 40) - 1) AS first_key, b.entries AS entries
FROM identifier_run r CROSS JOIN identifier_block b
  ON b.id = (SELECT s.id FROM identifier_block s WHERE s.id BETWEEN r.id << 40 AND (r.id << 40 | :first)
    ORDER BY s.id DESC LIMIT 1)
UNION ALL
SELECT r.first_hop, b.id & ((1 << 40) - 1), b.entries
FROM identifier_run r CROSS JOIN identifier_block b
  ON b.id BETWEEN (r.id << 40 | :first) + 1 AND (r.id << 40 | :last)
WHERE :first < :last;
