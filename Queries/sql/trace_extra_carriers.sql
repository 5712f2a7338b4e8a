-- The second and further carriers of the hops of one trace.
-- Grain: one row per hop and carrier.
-- Parameters: :root  the key of the trace's first hop
-- Order: by hop, then carrier.
SELECT carrier, confidence, evidence, hop
FROM extra_via
WHERE hop IN (SELECT hop FROM link WHERE trace = :root UNION SELECT :root)
ORDER BY hop, carrier;
