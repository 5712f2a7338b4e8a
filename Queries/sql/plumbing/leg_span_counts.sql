-- leg_spans.sql without its times: what `imbalance` is made of.
-- Grain: one row per span, group of leg_groups.sql and kind of row.
-- Parameters:
--   :width_us             300000000, 3600000000 or 86400000000
--   :since_us, :until_us  spans that lie in this time, microseconds since 1970, from (inclusive) and to (exclusive)
-- Order: by span and group.
SELECT leg_group, bucket_us, requests, attempts, busy_us, bytes_sent, bytes_received, first_start_us,
  last_start_us, minutes
FROM leg_span
WHERE width_us = :width_us AND bucket_us >= :since_us AND bucket_us < :until_us
ORDER BY bucket_us, leg_group;
