-- legs.sql added up over spans of five minutes, an hour or a day: what reports read where such a span is in their window.
-- Grain: one row per span, group of leg_groups.sql and kind of row. Kinds are rows of legs.sql that are alike in whether
--   they have attempts, times of clients and times of servers.
--   minutes: for each minute that has a row its distance from the last one (the first one's from the span's start) and its
--   attempts. It and the times are packed: DurationHistogram of MeshweftKit says how.
-- Parameters:
--   :width_us             300000000, 3600000000 or 86400000000
--   :since_us, :until_us  spans that lie in this time, microseconds since 1970, from (inclusive) and to (exclusive)
-- Order: by span and group.
SELECT leg_group, bucket_us, requests, attempts, busy_us, bytes_sent, bytes_received, first_start_us,
  last_start_us, minutes, confidence_sum, confidence_min, client_times, server_times, border_times
FROM leg_span
WHERE width_us = :width_us AND bucket_us >= :since_us AND bucket_us < :until_us
ORDER BY bucket_us, leg_group;
