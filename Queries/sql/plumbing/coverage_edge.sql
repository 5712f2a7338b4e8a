-- The hops on either side of a moment: whether the logs go on there.
-- Grain: one row: the keys of the last hop before the moment and of the first one from it on; missing where there is none.
-- Parameters: :key  the least key of the moment (milliseconds since 1970, shifted by 20)
-- Order: none.
SELECT (SELECT max(id) FROM hop WHERE id < :key) AS last_before, (SELECT min(id) FROM hop WHERE id >= :key) AS first_after;
