-- Hops whose parent was left undecided because to find it takes more than is done for a hop, by log.
-- Grain: one row per log that has any.
-- Order: by log.
SELECT s.name AS source, count(*) AS hops
FROM link l JOIN hop h ON h.id = l.hop JOIN attribute_set a ON a.id = h.attributes JOIN source s ON s.id = a.source
WHERE l.claims & 262144 <> 0 AND l.parent IS NULL
GROUP BY s.name
ORDER BY s.name;
