-- What correlation says about the hops of one trace.
-- Grain: one row per correlated hop; the first row may be that of the trace's first hop, whose `trace` is NULL.
-- Parameters: :root  the key of the trace's first hop
-- Confidences are in ten-thousandths; evidence is a set of bits (table `evidence`).
-- Order: by hop.
SELECT trace, parent, parent_confidence, parent_evidence, carrier, carrier_confidence, carrier_evidence,
  carrier_status, runner_up, margin, hop
FROM link
WHERE hop IN (SELECT hop FROM link WHERE trace = :root UNION SELECT :root)
ORDER BY hop;
