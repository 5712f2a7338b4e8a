-- The request and trace id of one hop, as they were logged.
-- Grain: one row per hop, at most one.
-- Parameters: :id  its key
SELECT request_id, trace_id FROM hops WHERE id = :id;
