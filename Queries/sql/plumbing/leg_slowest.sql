-- The slowest attempts, and those whose border cost most: where a search for slow traces begins.
-- Grain: one row per minute (or shorter unit of time) and group of leg_groups.sql that has any.
--   slowest, costliest: 16 bytes per attempt, most first: the key of its client's hop (the server's where there is
--   none) and microseconds, both little-endian. Eight at most: where there are eight, others may follow.
-- Parameters (NULL: no restriction):
--   :since_us, :until_us  bucket, microseconds since 1970, from (inclusive) and to (exclusive)
-- Order: by bucket and group.
SELECT leg_group, bucket_us, slowest, costliest
FROM leg_rollup
WHERE bucket_us >= ifnull(:since_us, -9223372036854775808) AND bucket_us < ifnull(:until_us, 9223372036854775807)
  AND length(slowest) > 0
ORDER BY bucket_us, leg_group;
