"""The same job as duckdb_job.py in ClickHouse (chdb), in memory.

usage: chdb_job.py FOLDER
"""

import sys

from chdb import session

ROLE = """multiIf(startsWith(upstream_cluster, 'inbound|'), 'server', method = '-', 'proxy', 'client')"""


def main():
    database = session.Session()
    database.query("SET max_threads = 2")
    database.query("CREATE DATABASE mesh ENGINE = Atomic")
    paths = sys.argv[1] + "/*.log"
    database.query(
        f"""CREATE TABLE mesh.hop ENGINE = MergeTree ORDER BY tuple() AS
        SELECT *, {ROLE} AS role, parseDateTime64BestEffort(toString(start_time), 3) AS start,
          toInt64OrZero(toString(duration)) AS ms
        FROM file('{paths}', JSONEachRow) SETTINGS input_format_try_infer_datetimes = 0, schema_inference_make_columns_nullable = 0""")
    database.query(
        """CREATE TABLE mesh.leg ENGINE = MergeTree ORDER BY tuple() AS
        SELECT c.request_id AS id, c.start AS client, s.start AS server FROM mesh.hop c JOIN mesh.hop s
        USING (request_id) WHERE c.role = 'client' AND s.role = 'server'""")
    database.query(
        """CREATE TABLE mesh.via ENGINE = MergeTree ORDER BY tuple() AS
        SELECT s.request_id AS server, p.start AS proxy FROM mesh.hop s JOIN mesh.hop p
        ON s.downstream_remote_address = p.upstream_local_address AND s.downstream_local_address = p.upstream_host
        WHERE s.role = 'server' AND p.role = 'proxy' AND s.start >= p.start - 1
          AND s.start <= addMilliseconds(p.start, p.ms + 1000)""")
    database.query(
        """SELECT toStartOfMinute(start) AS bucket, requested_server_name, downstream_local_address, count(), sum(ms),
          uniqExact(downstream_remote_address), quantiles(0.5, 0.9, 0.99)(ms)
        FROM mesh.hop WHERE role = 'server' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 FORMAT CSV""")
    database.query(
        """SELECT service, max(n) / avg(n) FROM (SELECT requested_server_name AS service, count() AS n
        FROM mesh.hop WHERE role = 'server' GROUP BY service, downstream_local_address) GROUP BY service FORMAT CSV""")


main()
