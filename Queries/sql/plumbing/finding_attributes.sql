-- What the lines of a store have in common, with every name resolved: what `findings` reads beside finding_hops.sql.
-- Grain: one row per attribute set.
-- Parameters: none.
-- Order: by id.
SELECT a.id AS id, a.source AS source, a.role AS role, a.response_flags AS response_flags,
  a.response_code AS response_code,
  (SELECT text FROM text WHERE id = a.service_host) || ifnull(':' || a.service_port, '') AS service,
  (SELECT text FROM text WHERE id = a.authority) AS authority,
  (SELECT text FROM text WHERE id = a.upstream_cluster) AS upstream_cluster,
  (SELECT text FROM text WHERE id = a.requested_server_name) AS requested_server_name,
  (SELECT text FROM text WHERE id = a.response_code_details) AS response_code_details,
  (SELECT text FROM text WHERE id = a.connection_termination_details) AS connection_termination_details,
  (SELECT text FROM text WHERE id = a.upstream_transport_failure_reason) AS upstream_transport_failure_reason,
  (SELECT text FROM text WHERE id = a.subset) AS subset,
  (SELECT text FROM text WHERE id = a.method) AS method,
  a.upstream_host AS upstream_host,
  CASE WHEN a.upstream_host < 0 THEN (SELECT text FROM text WHERE id = -a.upstream_host) END AS upstream_host_text,
  a.downstream_local AS downstream_local,
  CASE WHEN a.downstream_local < 0 THEN (SELECT text FROM text WHERE id = -a.downstream_local) END
    AS downstream_local_text,
  a.upstream_local_ip AS upstream_local_ip, a.downstream_remote_ip AS downstream_remote_ip,
  s.name AS source_name, s.mesh_cluster AS mesh_cluster, s.namespace AS namespace, s.pod AS pod,
  s.workload AS workload, (SELECT text FROM text WHERE id = a.access_log_type) = 'ztunnel' AS is_tunnel,
  (SELECT text FROM text WHERE id = a.protocol) = 'HBONE' AS is_hbone,
  (SELECT text FROM text WHERE id = a.grpc_status) AS grpc_status,
  (SELECT text FROM text WHERE id = a.upstream_request_attempt_count) AS attempt_count
FROM attribute_set a CROSS JOIN source s ON s.id = a.source
ORDER BY a.id;
