-- How connections and requests were spread over the hosts of each service.
-- Grain: one row per service and host, as seen by whoever knows best: the servers' own sidecars where the service
--   has any, else its callers, else the TCP proxies in between (which know connections only: requests are 0).
--   A server's host is its own downstream_local_address; with a pod name, when its log names one.
-- Parameters (NULL: no restriction):
--   :since_us, :until_us  start, microseconds since 1970, from (inclusive) and to (exclusive)
--   :service              `host:port`, `host`, or the host's first labels (`httpbin.default`, `httpbin:8000`)
-- A connection is a pair of addresses; a port that came back within the time asked for counts once.
-- Busy time is the sum of durations, failures are 5xx, 0 for HTTP, and a proxy's response flags.
-- Order: service, host.
WITH
  seen AS (
    SELECT a.service_host, a.service_port,
      CASE a.role WHEN 2 THEN 1 WHEN 3 THEN 3 ELSE 2 END AS observer,
      CASE a.role WHEN 2 THEN a.downstream_local ELSE a.upstream_host END AS host,
      CASE a.role WHEN 2 THEN a.source END AS source,
      CASE a.role
        WHEN 2 THEN ifnull(a.downstream_remote_ip << 16 | (h.downstream_remote + 32768), h.downstream_remote)
        ELSE ifnull(a.upstream_local_ip << 16 | (h.upstream_local + 32768), h.upstream_local) END AS peer,
      h.id, h.duration_us, h.bytes_received, h.bytes_sent, a.role, a.response_code, a.response_flags,
      (h.id >> 20) * 1000 + h.start_offset_us AS start_us
    FROM hop h CROSS JOIN attribute_set a ON a.id = h.attributes
    WHERE a.service_host IS NOT NULL AND a.role IN (1, 2, 3, 4)
      AND h.id >= min(max(ifnull(:since_us, 0) / 1000, 0), (1 << 43) - 65) << 20
      AND (:since_us IS NULL OR start_us >= :since_us)
      AND (:until_us IS NULL OR start_us < :until_us)
      AND (:service IS NULL OR h.attributes IN (
        SELECT w.id FROM attribute_set w JOIN text t ON t.id = w.service_host
        WHERE t.text || ifnull(':' || w.service_port, '') = :service OR t.text = :service
          OR substr(t.text, 1, length(:service) + 1) = :service || '.'
          OR substr(t.text, 1, instr(:service, ':')) = substr(:service, 1, instr(:service, ':') - 1) || '.'
            AND ':' || w.service_port = substr(:service, instr(:service, ':'))))),
  grouped AS (
    SELECT service_host, service_port, observer, host, source,
      count(DISTINCT peer) AS pairs, count(*) AS hops,
      sum(max(ifnull(duration_us, 0), 0)) AS busy_us,
      sum(ifnull(bytes_received, 0) + ifnull(bytes_sent, 0)) AS bytes,
      sum(CASE WHEN role = 3 THEN response_flags <> 0
        ELSE response_code >= 500 OR response_code = 0 END) AS failures,
      min(start_us) AS first_start_us, max(start_us + max(ifnull(duration_us, 0), 0)) AS last_end_us,
      min(observer) OVER (PARTITION BY service_host, service_port) AS best
    FROM seen
    WHERE host IS NOT NULL
    GROUP BY service_host, service_port, observer, host, source)
SELECT
  (SELECT text FROM text WHERE id = service_host) || ifnull(':' || service_port, '') AS service,
  CASE WHEN host > 0 THEN printf('%d.%d.%d.%d:%d', host >> 40 & 255, host >> 32 & 255, host >> 24 & 255,
      host >> 16 & 255, host & 65535)
    ELSE (SELECT text FROM text WHERE id = -host) END AS host,
  CASE observer WHEN 1 THEN 'server' WHEN 2 THEN 'client' ELSE 'proxy' END AS observer,
  s.mesh_cluster AS mesh_cluster, s.namespace AS namespace, s.pod AS pod,
  CASE observer WHEN 3 THEN hops ELSE pairs END AS connections,
  CASE observer WHEN 3 THEN 0 ELSE hops END AS requests,
  busy_us / 1000.0 AS busy_ms, bytes, failures, first_start_us, last_end_us
FROM grouped LEFT JOIN source s ON s.id = grouped.source
WHERE observer = best
ORDER BY service, host, mesh_cluster, pod;
