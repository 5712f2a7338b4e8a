-- What correlation says about the hops of one trace.
-- Grain: one row per correlated hop.
-- Parameters: :root  the key of the trace's first hop
-- Confidences are in ten-thousandths; evidence is a set of bits (table `evidence`).
-- Order: by hop.
WITH member AS MATERIALIZED (
  SELECT :root AS hop
  -- Within half a second of the first hop by reading, others through the index link_far.
  UNION SELECT hop FROM link WHERE hop BETWEEN :root AND :root + (500 << 20) AND ifnull(trace, parent) = :root
  UNION SELECT hop FROM link INDEXED BY link_far
    WHERE ifnull(trace, parent) IS NOT NULL AND hop - ifnull(trace, parent) NOT BETWEEN 0 AND 524288000
      AND ifnull(trace, parent) = :root)
SELECT coalesce(l.trace, l.parent, l.hop) AS trace, l.parent AS parent, 10000 - (l.claims >> 33) AS parent_confidence,
  l.claims >> 11 & 255 AS parent_evidence, l.carrier AS carrier, 10000 - (l.claims >> 19 & 16383) AS carrier_confidence,
  l.claims >> 3 & 255 AS carrier_evidence, l.claims & 7 AS carrier_status, r.other AS runner_up, r.margin AS margin,
  l.hop AS hop
FROM link l LEFT JOIN runner_up r ON r.hop = l.hop
WHERE l.hop IN (SELECT hop FROM member)
ORDER BY l.hop;
