-- The request and trace id of one hop, as they were logged.
-- Grain: one row per hop, at most one.
-- Parameters: :id  its key
SELECT
  CASE typeof(h.request_id)
    WHEN 'blob' THEN (SELECT substr(x, 1, 8) || '-' || substr(x, 9, 4) || '-' || substr(x, 13, 4) || '-'
      || substr(x, 17, 4) || '-' || substr(x, 21) FROM (SELECT lower(hex(h.request_id)) AS x))
    WHEN 'integer' THEN (SELECT text FROM text WHERE id = h.request_id) ELSE h.request_id END AS request_id,
  CASE typeof(h.trace_id) WHEN 'blob' THEN lower(hex(h.trace_id))
    WHEN 'integer' THEN (SELECT text FROM text WHERE id = h.trace_id) ELSE h.trace_id END AS trace_id
FROM hop h
WHERE h.id = :id;
