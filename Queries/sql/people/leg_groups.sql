-- What attempts have in common that the rollup counts together, with every name resolved.
-- Grain: one row per group: service, host and the pod that it was, client, proxies, server, what became of the carrier, flags, failure.
--   Groups of TCP connections (is_tcp) have no requests. proxy_chain: 0, or an id of proxy_chains.sql in the place of the
--   first proxy, where a request passed more than two.
--   A service is missing where no line names one, a host where the request was sent nowhere.
-- Parameters (NULL: no restriction): :service  `host:port`, `host`, or the host's first labels (`httpbin.default`, `httpbin:8000`)
-- Order: by id.
SELECT g.id AS id,
  t.text || CASE g.service_port WHEN 0 THEN '' ELSE ':' || g.service_port END AS service,
  CASE WHEN g.host > 0 THEN printf('%d.%d.%d.%d:%d', g.host >> 40 & 255, g.host >> 32 & 255, g.host >> 24 & 255,
      g.host >> 16 & 255, g.host & 65535)
    WHEN g.host < 0 THEN (SELECT text FROM text WHERE id = -g.host) END AS host,
  c.mesh_cluster AS client_mesh_cluster, c.workload AS client_workload,
  CASE WHEN c.pod = '' THEN c.name ELSE c.pod END AS client_pod,
  f.mesh_cluster AS first_proxy_mesh_cluster, f.workload AS first_proxy_workload,
  CASE WHEN f.pod = '' THEN f.name ELSE f.pod END AS first_proxy_pod,
  p.mesh_cluster AS proxy_mesh_cluster, p.workload AS proxy_workload,
  CASE WHEN p.pod = '' THEN p.name ELSE p.pod END AS proxy_pod,
  s.mesh_cluster AS server_mesh_cluster, s.workload AS server_workload,
  CASE WHEN s.pod = '' THEN s.name ELSE s.pod END AS server_pod,
  g.carrier_status AS carrier_status, g.response_flags AS response_flags,
  CASE WHEN g.failure_code >= 0 THEN g.failure_code WHEN g.failure_code = -3 THEN 0 END AS failure_code,
  c.namespace AS client_namespace, s.namespace AS server_namespace, g.failure_code < -1 AS is_tcp,
  -min(g.first_proxy, 0) AS proxy_chain,
  g.host AS host_key, g.host_source AS host_source,
  h.mesh_cluster AS host_mesh_cluster, CASE WHEN h.pod = '' THEN h.name ELSE h.pod END AS host_pod
FROM leg_group g LEFT JOIN text t ON t.id = g.service_host
  LEFT JOIN source c ON c.id = g.client LEFT JOIN source f ON f.id = g.first_proxy
  LEFT JOIN source p ON p.id = g.proxy LEFT JOIN source h ON h.id = g.host_source
  LEFT JOIN source s ON s.id = g.server
WHERE :service IS NULL OR t.text || ':' || g.service_port = :service OR t.text = :service
  OR substr(t.text, 1, length(:service) + 1) = :service || '.'
  OR substr(t.text, 1, instr(:service, ':')) = substr(:service, 1, instr(:service, ':') - 1) || '.'
    AND ':' || g.service_port = substr(:service, instr(:service, ':'))
ORDER BY g.id;
