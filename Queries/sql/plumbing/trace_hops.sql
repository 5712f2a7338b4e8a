-- The hops of one trace and the connections that carried them, with every name resolved.
-- Grain: one row per hop. The columns are those of the view `hops`.
-- Parameters: :root  the key of the trace's first hop
-- Order: by key, which is by start in milliseconds.
WITH member AS MATERIALIZED (
  SELECT :root AS hop
  -- Within half a second of the first hop by reading, others through the index link_far.
  UNION SELECT hop FROM link WHERE hop BETWEEN :root AND :root + (500 << 20) AND ifnull(trace, parent) = :root
  UNION SELECT hop FROM link INDEXED BY link_far
    WHERE ifnull(trace, parent) IS NOT NULL AND hop - ifnull(trace, parent) NOT BETWEEN 0 AND 524288000
      AND ifnull(trace, parent) = :root)
SELECT * FROM hops WHERE id IN (
  SELECT hop FROM member
  UNION SELECT carrier FROM link WHERE hop IN (SELECT hop FROM member)
  UNION SELECT carrier FROM extra_via WHERE hop IN (SELECT hop FROM member))
ORDER BY id;
