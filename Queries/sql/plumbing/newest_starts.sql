-- The newest starts, to tell the end of the logs from a single line with a wrong clock.
-- Grain: one row per hop.
-- Parameters: :limit  rows at most
-- Order: newest first.
SELECT (id >> 20) * 1000 + start_offset_us AS start_us
FROM hop
ORDER BY id DESC
LIMIT ifnull(:limit, -1);
