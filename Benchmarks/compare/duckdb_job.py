"""The whole job in DuckDB: logs into a table, both ends of each request joined, carriers joined, two reports.

usage: duckdb_job.py DATABASE LOG...

What an engineer would write who has these logs and DuckDB. It de-duplicates nothing, gives no confidence, knows NAT and
lost lines not at all, and takes an equal request id for enough.
"""

import sys

import duckdb

THREADS = 2

LOAD = """
CREATE TABLE hop AS
SELECT *, CASE
    WHEN upstream_cluster LIKE 'inbound|%' THEN 'server' WHEN method = '-' THEN 'proxy' ELSE 'client' END AS role,
  start_time::TIMESTAMP AS start, TRY_CAST(duration AS BIGINT) AS ms
FROM read_json(?, format = 'newline_delimited', filename = 'source')
"""

LEGS = """
CREATE TABLE leg AS
SELECT c.rowid AS client, s.rowid AS server
FROM hop c JOIN hop s USING (request_id)
WHERE c.role = 'client' AND s.role = 'server'
"""

CARRIERS = """
CREATE TABLE via AS
SELECT s.rowid AS server, p.rowid AS proxy
FROM hop s JOIN hop p
  ON s.downstream_remote_address = p.upstream_local_address AND s.downstream_local_address = p.upstream_host
WHERE s.role = 'server' AND p.role = 'proxy'
  AND s.start BETWEEN p.start - INTERVAL 1 SECOND AND p.start + to_milliseconds(p.ms + 1000)
"""

LOAD_REPORT = """
SELECT time_bucket(INTERVAL 1 MINUTE, start) AS bucket, requested_server_name AS service,
  downstream_local_address AS host, count(*) AS requests, sum(ms) / 60000 AS in_flight,
  count(DISTINCT downstream_remote_address) AS connections, sum(bytes_sent::BIGINT) AS bytes_sent,
  count(*) FILTER (WHERE response_code >= '500') AS failures, quantile_cont(ms, [0.5, 0.9, 0.99]) AS quantiles
FROM hop WHERE role = 'server' GROUP BY ALL ORDER BY ALL
"""

IMBALANCE_REPORT = """
WITH host AS (
  SELECT requested_server_name AS service, downstream_local_address AS host, count(*) AS requests,
    count(DISTINCT downstream_remote_address) AS connections, sum(ms) AS busy
  FROM hop WHERE role = 'server' GROUP BY ALL)
SELECT service, max(requests) / avg(requests), max(connections) / avg(connections), max(busy) / avg(busy)
FROM host GROUP BY service ORDER BY service
"""


def main():
    connection = duckdb.connect(sys.argv[1], config={"threads": THREADS})
    connection.execute(LOAD, [sys.argv[2:]])
    connection.execute(LEGS)
    connection.execute(CARRIERS)
    for report in (LOAD_REPORT, IMBALANCE_REPORT):
        connection.execute(report).fetchall()
    connection.close()


main()
