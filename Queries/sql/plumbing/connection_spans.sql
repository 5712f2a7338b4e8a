-- Connections by the groups whose requests they had, in spans of five minutes.
-- Grain: one row per span and set of groups of leg_groups.sql; a connection is in one row of a span.
--   leg_groups: LEB128 numbers, a group's id times two, plus one where a row with attempts names the connection.
--   connection_keys: eight bytes each, little-endian.
-- Parameters:
--   :since_us, :until_us  start of the span, microseconds since 1970, from (inclusive) and to (exclusive)
-- Order: by span.
SELECT bucket_us, leg_groups, connection_keys
FROM connection_span
WHERE bucket_us >= :since_us AND bucket_us < :until_us
ORDER BY bucket_us;
