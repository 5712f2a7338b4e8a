-- The second and further carriers of one hop.
-- Grain: one row per carrier.
-- Parameters: :id  the hop's key
-- Order: by carrier.
SELECT carrier, confidence, evidence FROM extra_via WHERE hop = :id ORDER BY carrier;
