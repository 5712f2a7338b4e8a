-- The hops of one trace, without the connections that carried them.
-- Grain: one row per hop; the first one among them.
-- Parameters: :root  the key of the trace's first hop
-- Order: by key, which is by start in milliseconds.
SELECT :root AS hop
-- Within half a second of the first hop by reading, others through the index link_far.
UNION SELECT hop FROM link WHERE hop BETWEEN :root AND :root + (500 << 20) AND ifnull(trace, parent) = :root
UNION SELECT hop FROM link INDEXED BY link_far
  WHERE ifnull(trace, parent) IS NOT NULL AND hop - ifnull(trace, parent) NOT BETWEEN 0 AND 524288000
    AND ifnull(trace, parent) = :root
ORDER BY hop;
