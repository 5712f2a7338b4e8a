-- Attempts and connections, added up: what `imbalance` is made of. legs.sql without its times.
-- Grain: one row per minute (or shorter unit of time) and group of leg_groups.sql.
-- Parameters (NULL: no restriction):
--   :since_us, :until_us  bucket, microseconds since 1970, from (inclusive) and to (exclusive)
-- Order: by bucket and group.
SELECT leg_group, bucket_us, requests, attempts, busy_us, bytes_sent, bytes_received, first_start_us,
  last_start_us, connection_keys
FROM leg_rollup
WHERE bucket_us >= ifnull(:since_us, -9223372036854775808) AND bucket_us < ifnull(:until_us, 9223372036854775807)
ORDER BY bucket_us, leg_group;
