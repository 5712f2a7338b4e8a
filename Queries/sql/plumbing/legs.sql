-- Attempts of requests to reach a host, added up: what `load` and `paths` are made of.
-- Grain: one row per minute (or shorter unit of time) and group of leg_groups.sql.
--   requests: an attempt that was retried later is no request of its own; a proxy's connection is neither.
--   The keys and times at the end are packed: DurationHistogram of MeshweftKit says how.
-- Parameters (NULL: no restriction):
--   :since_us, :until_us  bucket, microseconds since 1970, from (inclusive) and to (exclusive)
-- Order: by bucket and group.
SELECT leg_group, bucket_us, requests, attempts, busy_us, bytes_sent, bytes_received, first_start_us,
  last_start_us, connection_keys, confidence_sum, confidence_min, client_times, server_times, border_times
FROM leg_rollup
WHERE bucket_us >= ifnull(:since_us, -9223372036854775808) AND bucket_us < ifnull(:until_us, 9223372036854775807)
ORDER BY bucket_us, leg_group;
