-- What correlation says about one hop.
-- Grain: one row, or none where the hop has not been correlated.
-- Parameters: :id  the hop's key
-- Confidences are in ten-thousandths; evidence is a set of bits (table `evidence`).
SELECT trace, parent, parent_confidence, parent_evidence, carrier, carrier_confidence, carrier_evidence,
  carrier_status, runner_up, margin
FROM link
WHERE hop = :id;
