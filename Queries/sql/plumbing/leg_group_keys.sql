-- The groups of leg_groups.sql by what they consist of, as the store's own ids.
-- Grain: one row per group.
-- Parameters: none.
-- Order: by id.
SELECT id, service_host, service_port, host, client, first_proxy, proxy, server, carrier_status, response_flags,
  failure_code
FROM leg_group
ORDER BY id;
