-- The hops of one trace and the connections that carried them, with every name resolved.
-- Grain: one row per hop. The columns are those of the view `hops`.
-- Parameters: :root  the key of the trace's first hop
-- Order: by key, which is by start in milliseconds.
WITH member AS MATERIALIZED (SELECT hop FROM link WHERE trace = :root UNION SELECT :root)
SELECT * FROM hops WHERE id IN (
  SELECT hop FROM member
  UNION SELECT carrier FROM link WHERE hop IN (SELECT hop FROM member)
  UNION SELECT carrier FROM extra_via WHERE hop IN (SELECT hop FROM member))
ORDER BY id;
