-- The parts of the index of request and trace ids in which ids may stand that start with some bits.
-- Grain: one row per block. Entries are packed: Sources/TraceStore/Writing/IdentifierBlock.swift says how.
-- Parameters:
--   :first, :last  the smallest and the largest key: the first 40 bits of an id; of a shorter prefix, the digits filled
--                  up with 0 and with f
-- Order: run, then key. One seek per run.
SELECT r.first_hop AS first_hop, b.id & ((1 << 40) - 1) AS first_key, b.entries AS entries
FROM identifier_run r CROSS JOIN identifier_block b
  ON b.id BETWEEN ifnull(
      (SELECT s.id FROM identifier_block s WHERE s.id BETWEEN r.id << 40 AND (r.id << 40 | :first)
        ORDER BY s.id DESC LIMIT 1), r.id << 40 | :first)
    AND (r.id << 40 | :last)
ORDER BY b.id;
