-- What correlation says about the hops of a stretch of time, its first two carriers alone.
-- Grain: one row per correlated hop.
-- Parameters:
--   :first, :last  hops' keys, inclusive: milliseconds since 1970 in the upper 43 bits
--   :limit         rows at most (NULL: no restriction)
-- Order: by hop.
SELECT hop, parent, carrier, claims & 7 AS carrier_status,
  (SELECT max(carrier) FROM extra_via e WHERE e.hop = link.hop) AS other_carrier
FROM link
WHERE hop BETWEEN :first AND :last
ORDER BY hop
LIMIT ifnull(:limit, -1);
