-- The hops of one trace, without its carriers.
-- Grain: one row per hop.
-- Parameters: :root  the key of the trace's first hop
-- Order: by key, which is by start in milliseconds.
SELECT hop FROM (SELECT hop FROM link WHERE trace = :root UNION SELECT id FROM hop WHERE id = :root) ORDER BY hop;
