-- The logs that have lines near a moment.
-- Grain: one row per source of the nearest hops on one side of it.
-- Parameters:
--   :before, :from  of one of them, the key before which or from which on hops are looked at
--   :limit          hops that are looked at; 1000 where it is not set
-- Order: none.
SELECT DISTINCT a.source AS source FROM (
  SELECT * FROM (SELECT id, attributes FROM hop WHERE id < :before ORDER BY id DESC LIMIT ifnull(:limit, 1000))
  UNION ALL
  SELECT * FROM (SELECT id, attributes FROM hop WHERE id >= :from ORDER BY id LIMIT ifnull(:limit, 1000))
) h JOIN attribute_set a ON a.id = h.attributes;
