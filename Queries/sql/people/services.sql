-- The services that lines name.
-- Grain: one row per service, as `host:port`, or `host` where no port is known.
-- Parameters (NULL: no restriction): :service  `host:port`, `host`, or the host's first labels, with a port or without
--   (`httpbin.default`, `httpbin:8000`)
-- Order: by name.
SELECT DISTINCT t.text || ifnull(':' || a.service_port, '') AS service
FROM attribute_set a JOIN text t ON t.id = a.service_host
WHERE :service IS NULL OR t.text || ifnull(':' || a.service_port, '') = :service OR t.text = :service
  OR substr(t.text, 1, length(:service) + 1) = :service || '.'
  OR substr(t.text, 1, instr(:service, ':')) = substr(:service, 1, instr(:service, ':') - 1) || '.'
    AND ':' || a.service_port = substr(:service, instr(:service, ':'))
ORDER BY service;
