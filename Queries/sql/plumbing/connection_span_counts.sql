-- How many connections connection_spans.sql has of each set of groups, by the length of their keys.
-- Grain: one row per span and set of groups of leg_groups.sql; a connection is in one row of a span.
--   leg_groups: LEB128 numbers, a group's id times two, plus one where a row with attempts names the connection.
-- Parameters:
--   :since_us, :until_us  start of the span, microseconds since 1970, from (inclusive) and to (exclusive)
-- Order: by span.
SELECT bucket_us, leg_groups, length(connection_keys) / 8 AS connections
FROM connection_span
WHERE bucket_us >= :since_us AND bucket_us < :until_us
ORDER BY bucket_us;
