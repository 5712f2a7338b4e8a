-- Which spans can be read from leg_spans.sql instead of legs.sql: what is listed here is complete.
-- Grain: one row per span.
-- Parameters:
--   :width_us             300000000, 3600000000 or 86400000000
--   :since_us, :until_us  spans that lie in this time whole, microseconds since 1970, from (inclusive) and to (exclusive)
--   :connections          1: only those whose connections connection_spans.sql has
-- Order: by start.
SELECT bucket_us
FROM rollup_span
WHERE width_us = :width_us AND bucket_us >= :since_us AND bucket_us <= :until_us - :width_us
  AND legs > 0 AND has_connections >= ifnull(:connections, 0)
ORDER BY bucket_us;
