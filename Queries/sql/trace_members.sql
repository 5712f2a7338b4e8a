-- The hops of one trace, without its carriers.
-- Grain: one row per hop.
-- Parameters: :root  the key of the trace's first hop
-- Order: by key, which is by start in milliseconds.
-- Hops within half a second of the first are found by reading, others in the index link_far.
SELECT id AS hop FROM hop WHERE id = :root
UNION
SELECT hop FROM link WHERE hop BETWEEN :root AND :root + (500 << 20) AND ifnull(trace, parent) = :root
UNION
SELECT hop FROM link INDEXED BY link_far
WHERE ifnull(trace, parent) IS NOT NULL AND hop - ifnull(trace, parent) NOT BETWEEN 0 AND 524288000
  AND ifnull(trace, parent) = :root
ORDER BY hop;
