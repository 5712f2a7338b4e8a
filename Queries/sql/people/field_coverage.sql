-- Which fields the lines of each log have.
-- Grain: one row per source and role.
--   requests: lines of requests; the others are of TCP connections.
--   is_ztunnel: whether they are a ztunnel's, which have fields of their own.
--   reached: lines of requests and connections that reached another end without a flag, and so could have its addresses.
-- Parameters: none. Reads every hop.
-- Order: source, role.
SELECT c.*, (SELECT text FROM text WHERE id = c.log_type) = 'ztunnel' AS is_ztunnel FROM (
SELECT s.name AS source, (SELECT name FROM role WHERE id = a.role) AS role, count(*) AS hops,
  sum(h.request_id IS NOT NULL) AS with_request_id, sum(h.trace_id IS NOT NULL) AS with_trace_id,
  sum(h.upstream_local IS NOT NULL) AS with_upstream_local, sum(h.downstream_remote IS NOT NULL) AS with_downstream_remote,
  sum(a.upstream_host IS NOT NULL) AS with_upstream_host,
  sum(a.requested_server_name IS NOT NULL) AS with_requested_server_name,
  sum(h.bytes_received IS NOT NULL AND h.bytes_sent IS NOT NULL) AS with_bytes,
  sum(a.precision % 3 = 1) AS with_microsecond_start, sum(a.precision / 3 = 1) AS with_microsecond_duration,
  sum(a.anomalies <> 0) AS with_anomalies, max((h.id >> 20) * 1000 + h.start_offset_us
    + min(max(ifnull(h.duration_us, 0), 0), 1 << 60)) AS last_end_us,
  sum(h.duration_us IS NOT NULL) AS with_duration,
  sum(a.response_flags = 0 AND (a.response_code > 0 OR a.role = 3)) AS reached,
  sum(a.method IS NOT NULL OR a.response_code > 0) AS requests, min(ifnull(a.access_log_type, 0)) AS log_type
FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes CROSS JOIN source s ON s.id = a.source
GROUP BY a.source, a.role
ORDER BY s.name, a.role) c;
