"""Access logs of a mesh of two clusters, made up: sidecars of callers and hosts, and SNI proxies at the border between them.

Time is in seconds since the beginning. A Log collects lines and writes them in one of three formats: `asm` (JSON, all
strings), `istio` (JSON with numbers and nulls) and `text` (Istio's default text format).
"""

import collections
import datetime
import json
import os
import random
import uuid

BORDER = "198.51.100.7:15443"
FIELDS = ("authority", "bytes_received", "bytes_sent", "connection_termination_details", "downstream_local_address",
          "downstream_remote_address", "duration", "method", "path", "protocol", "request_id", "requested_server_name",
          "response_code", "response_code_details", "response_flags", "route_name", "start_time", "upstream_cluster",
          "upstream_host", "upstream_local_address", "upstream_service_time", "upstream_transport_failure_reason",
          "user_agent", "x_forwarded_for")
EMPTY = {**dict.fromkeys(FIELDS), "bytes_received": 0, "bytes_sent": 0, "response_code": 0}
TEXT = ('[{start_time}] "{method} {path} {protocol}" {response_code} {response_flags} {response_code_details} '
        '{connection_termination_details} "{upstream_transport_failure_reason}" {bytes_received} {bytes_sent} {duration} '
        '{upstream_service_time} "{x_forwarded_for}" "{user_agent}" "{request_id}" "{authority}" "{upstream_host}" '
        '{upstream_cluster} {upstream_local_address} {downstream_local_address} {downstream_remote_address} '
        '{requested_server_name} {route_name}')
LETTERS = "bcdfghjklmnpqrstvwxz2456789"


class Pod:
    def __init__(self, cluster, name, ip, namespace="shop", port=8080):
        self.cluster, self.name, self.ip, self.namespace, self.port = cluster, name, ip, namespace, port

    @property
    def address(self):
        return f"{self.ip}:{self.port}"


class Log:
    def __init__(self, seed, form):
        self.random = random.Random(seed)
        self.form = form
        self.origin = datetime.datetime(2026, 5, 4, 7, 30, tzinfo=datetime.timezone.utc)
        self.lines = collections.defaultdict(list)
        self.ports = {}
        self.seconds = {}

    def pod(self, cluster, deployment, ip, namespace="shop", template=None, port=8080):
        suffix = "".join(self.random.choice(LETTERS) for _ in range(5))
        return Pod(cluster, f"{deployment}-{template or '7c9d8f6b5x'}-{suffix}", ip, namespace, port)

    def port(self, ip):
        self.ports[ip] = 30000 + (self.ports.get(ip, self.random.randrange(30000)) - 30000 + self.random.randrange(1, 9)) % 30000
        return self.ports[ip]

    def write(self, pod, start, seconds, **fields):
        values = {**EMPTY, **fields, "duration": int(seconds * 1000), "start_time": self.time(start)}
        if self.form == "istio":
            text = json.dumps(values)
        else:
            shown = {k: "-" if v is None else str(v) for k, v in values.items()}
            if self.form == "asm":
                shown["authority_for"] = shown.pop("authority")
                if shown["response_code_details"] == "-":
                    del shown["response_code_details"]
                text = json.dumps(shown)
            else:
                text = TEXT.format(**shown)
        self.lines[f"{pod.cluster}.{pod.namespace}.{pod.name}.istio-proxy.log"].append((start + seconds, text))

    def time(self, start):
        milliseconds = int(start * 1000)
        second, rest = divmod(milliseconds, 1000)
        if second not in self.seconds:
            self.seconds[second] = (self.origin + datetime.timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S.")
        return f"{self.seconds[second]}{rest:03d}Z"

    def save(self, folder):
        os.makedirs(folder, exist_ok=True)
        for name, lines in self.lines.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.writelines(text + "\n" for _, text in sorted(lines, key=lambda line: line[0]))

    def cut(self, pod, end):
        """Leaves out what a pod's log has from a time on."""
        name = f"{pod.cluster}.{pod.namespace}.{pod.name}.istio-proxy.log"
        self.lines[name] = [line for line in self.lines[name] if line[0] < end]

    def arrivals(self, rate, begin, end):
        moment = begin + self.random.expovariate(rate)
        while moment < end:
            yield moment
            moment += self.random.expovariate(rate)

    def id(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))


class Connection:
    """A TCP connection from a caller's sidecar to a host's; `proxy` None: straight."""

    def __init__(self, log, service, caller, host, begin, proxy=None, subset=""):
        self.log, self.service, self.caller, self.host, self.begin, self.proxy = log, service, caller, host, begin, proxy
        self.subset = subset
        self.local = f"{caller.ip}:{log.port(caller.ip)}"
        self.peer = f"{proxy.ip}:{log.port(proxy.ip)}" if proxy else self.local
        self.upstream = BORDER if proxy else host.address
        self.nat = f"10.64.0.1:{log.random.randrange(10000, 64000)}"
        self.sent = self.received = self.count = 0
        self.last = begin

    @property
    def server_name(self):
        return f"outbound_.8000_.{self.subset}_.{self.service}"

    def request(self, at, work, *, path="/items", code=200, flags=None, server_code=None, server_flags=None, network=.003,
                size=400, seconds=None, served=True, called=True, details=None, reason=None, rid=None, method="GET", more=None):
        rid = rid or self.log.id()
        host = self.service.split(".")[0] + ":8000"
        self.count += 1
        self.sent += size + 210
        self.received += 280
        self.last = max(self.last, at + work)
        common = dict(authority=host, method=method, path=path, request_id=rid, bytes_sent=size, user_agent="Go-http-client/2.0",
                      **(more or {}))
        if served:
            self.log.write(
                self.host, at + network, work, **common, protocol="HTTP/2", response_code=code if server_code is None else server_code,
                response_flags=server_flags, downstream_local_address=self.host.address, downstream_remote_address=self.peer,
                requested_server_name=self.server_name, upstream_cluster=f"inbound|{self.host.port}||", upstream_host=self.host.address,
                upstream_local_address=f"127.0.0.6:{self.log.port('loop')}", upstream_service_time=int(work * 1000), route_name="default")
        if called:
            took = work + 2 * network if seconds is None else seconds
            self.log.write(
                self.caller, at, took, **common, protocol="HTTP/1.1", response_code=code, response_flags=flags,
                response_code_details=details or ("via_upstream" if code and not flags else None), upstream_host=self.upstream,
                upstream_cluster=f"outbound|8000|{self.subset}|{self.service}", upstream_local_address=self.local,
                downstream_local_address="172.16.9.9:8000", downstream_remote_address=f"{self.caller.ip}:{self.log.port('app' + self.caller.ip)}",
                upstream_service_time=int(took * 1000), route_name="default", upstream_transport_failure_reason=reason)
        return rid

    def close(self, at):
        if self.proxy:
            self.log.write(
                self.proxy, self.begin, at - self.begin, bytes_received=self.received + 1700 + 60 * self.count,
                bytes_sent=self.sent + 2400 + 110 * self.count, downstream_local_address=f"{self.proxy.ip}:15443",
                downstream_remote_address=self.nat, requested_server_name=self.server_name, upstream_cluster=self.server_name,
                upstream_host=self.host.address, upstream_local_address=self.peer)


def failed(log, caller, service, at, seconds, *, flags, code=503, cluster="", upstream=None, details=None, reason=None,
           path="/items", port=8000, authority=None):
    """A caller's line of a request for which no connection came about."""
    log.write(
        caller, at, seconds, authority=authority or f"{service.split('.')[0]}:{port}", method="GET", path=path, protocol="HTTP/1.1",
        request_id=log.id(), response_code=code, response_flags=flags, response_code_details=details, upstream_host=upstream,
        upstream_cluster=f"outbound|{port}||{service}" if cluster == "" else cluster, downstream_local_address=f"172.16.9.9:{port}",
        downstream_remote_address=f"{caller.ip}:{log.port('app' + caller.ip)}", route_name="default", bytes_sent=95,
        upstream_transport_failure_reason=reason, user_agent="Go-http-client/2.0")


def refused(log, proxy, server_name, at, flags, *, cluster=None, details=None):
    """A proxy's line of a connection that it could not pass on."""
    log.write(
        proxy, at, .001, downstream_local_address=f"{proxy.ip}:15443", response_flags=flags, upstream_cluster=cluster,
        downstream_remote_address=f"10.64.0.1:{log.random.randrange(10000, 64000)}", requested_server_name=server_name,
        response_code_details=details)
