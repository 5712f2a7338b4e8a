-- When there was anything, by group: how long the time is that a report shows.
-- Grain: one row per minute (or shorter piece of time) and group of leg_groups.sql.
-- Parameters (NULL: no restriction):
--   :since_us, :until_us  bucket, microseconds since 1970, from (inclusive) and to (exclusive)
-- Order: by bucket and group.
SELECT leg_group, bucket_us
FROM leg_rollup
WHERE bucket_us >= ifnull(:since_us, -9223372036854775808) AND bucket_us < ifnull(:until_us, 9223372036854775807)
ORDER BY bucket_us, leg_group;
