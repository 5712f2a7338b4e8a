-- Lines as `findings` compares them: numbers, and what correlation says of each.
-- Grain: one row per hop; before the stretch that is asked for, the connections of 15 s and more that were open at its
--   beginning.
-- Parameters:
--   :first, :last  hops' keys, inclusive: milliseconds since 1970 in the upper 43 bits
-- Order: by key.
SELECT h.id AS id, (h.id >> 20) * 1000 + h.start_offset_us AS start_us, h.duration_us AS duration_us,
  h.attributes AS attributes, CASE typeof(h.path) WHEN 'integer' THEN h.path END AS path_id,
  CASE typeof(h.path) WHEN 'text' THEN h.path END AS path_text, h.upstream_local AS upstream_local,
  h.downstream_remote AS downstream_remote, h.bytes_received AS bytes_received, h.bytes_sent AS bytes_sent,
  l.parent AS parent, l.carrier AS carrier, l.claims & 7 AS carrier_status
FROM (
    SELECT id FROM (
      SELECT id FROM hop INDEXED BY hop_long
      WHERE duration_us >= 15000000 AND id < :first
        AND (id >> 20) * 1000 + min(duration_us, 1 << 60) >= (:first >> 20) * 1000
      ORDER BY id)
    UNION ALL
    SELECT id FROM hop WHERE id BETWEEN :first AND :last
  ) c CROSS JOIN hop h ON h.id = c.id LEFT JOIN link l ON l.hop = h.id;
