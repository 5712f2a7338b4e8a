-- What correlation says about one hop.
-- Grain: one row, or none where the hop has not been correlated.
-- Parameters: :id  the hop's key
-- Confidences are in ten-thousandths; evidence is a set of bits (table `evidence`).
SELECT coalesce(l.trace, l.parent, l.hop) AS trace, l.parent AS parent, 10000 - (l.claims >> 33) AS parent_confidence,
  l.claims >> 11 & 255 AS parent_evidence, l.carrier AS carrier, 10000 - (l.claims >> 19 & 16383) AS carrier_confidence,
  l.claims >> 3 & 255 AS carrier_evidence, l.claims & 7 AS carrier_status, r.other AS runner_up, r.margin AS margin
FROM link l LEFT JOIN runner_up r ON r.hop = l.hop
WHERE l.hop = :id;
