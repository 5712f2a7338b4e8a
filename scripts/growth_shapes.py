"""Hostile shapes: logs whose cost is looked at by scripts/torture-growth.

Each shape is a function of a size and a folder: it writes logs of some n lines there and says how they are ingested. All of
them are the same in every run.
"""

import itertools
import json
import os
import random

#: 2026-11-23T02:15:00Z in milliseconds.
BEGIN = 1795400100000
SHAPES = {}
#: Sizes are this times 1, 2, 4 and 8, and of --quick a tenth of that, unless a shape says otherwise.
USUAL = 5000


class Logs:
    """What a shape has made: the arguments of ingest, the service that is asked for (None: no line names one), and files of endpoints."""

    def __init__(self, inputs, service="svc0.ns.svc.cluster.local:80", endpoints=()):
        self.inputs, self.service, self.endpoints = inputs, service, list(endpoints)


def shape(name, base=USUAL, needs=None):
    """`needs`: the only commands that the shape is about beside ingest; None for all of them."""

    def known(make):
        SHAPES[name] = (base, needs, make)
        return make

    return known


def clock(milliseconds):
    """RFC 3339, without the library's calendar, which ends at the year 9999 and is slow."""
    days, rest = divmod(milliseconds, 86_400_000)
    days += 719_468
    era, of_era = divmod(days, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month += 3 if month < 10 else -9
    seconds, thousandth = divmod(rest, 1000)
    return (f"{year + era * 400 + (month <= 2):04}-{month:02}-{day:02}T{seconds // 3600:02}:{seconds // 60 % 60:02}:"
            f"{seconds % 60:02}.{thousandth:03}Z")


def ip(number, first=10):
    return f"{first}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def uuid(number):
    """A different one for each number, spread like random ones."""
    high = (number + 1) * 0x9E3779B97F4A7C15 & (1 << 64) - 1
    low = (number + 1) * 0xD1342543DE82EF95 & (1 << 64) - 1
    text = f"{high:016x}{low:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def hop(at, *, down_local, down_remote, host, up_local, cluster, path="/", rid="-", authority="svc0:80", sni="-",
        status=200, flags="-", took=5, agent="curl/8", method="GET", sent=100, got=0, proto="HTTP/1.1", more=""):
    return (f'{{"authority_for":"{authority}","bytes_received":"{got}","bytes_sent":"{sent}",'
            f'"downstream_local_address":"{down_local}","downstream_remote_address":"{down_remote}","duration":"{took}",'
            f'"method":"{method}","path":"{path}","protocol":"{proto}","request_id":"{rid}",'
            f'"requested_server_name":"{sni}","response_code":"{status}","response_flags":"{flags}",'
            f'"start_time":"{clock(at)}","upstream_cluster":"{cluster}","upstream_host":"{host}",'
            f'"upstream_local_address":"{up_local}","user_agent":"{agent}"{more}}}\n')


def name_of(service):
    return f"svc{service}.ns.svc.cluster.local"


def client(at, service=0, *, host="10.9.0.1:80", pod="10.0.0.1", port=40000, **more):
    """A line of a caller's sidecar."""
    more.setdefault("authority", f"svc{service}:80")
    return hop(at, down_local="172.20.0.1:80", down_remote=f"{pod}:50000", host=host, up_local=f"{pod}:{port}",
               cluster=f"outbound|80||{name_of(service)}", **more)


def server(at, service=0, *, host="10.9.0.1:80", peer="10.0.0.1", port=40000, **more):
    """A line of the sidecar at the other end."""
    more.setdefault("authority", f"svc{service}:80")
    return hop(at, down_local=host, down_remote=f"{peer}:{port}", host=host, up_local="127.0.0.6:40001",
               cluster="inbound|80||", sni=f"outbound_.80_._.{name_of(service)}", proto="HTTP/2", **more)


def carrier(at, service=0, *, host="10.9.0.1:80", peer="10.0.0.1", port=40000, proxy="10.8.0.1", out=30000, took=1000,
            **more):
    """A line of a cross-network proxy: a connection."""
    name = f"outbound_.80_._.{name_of(service)}"
    return hop(at, down_local=f"{proxy}:15443", down_remote=f"{peer}:{port}", host=host, up_local=f"{proxy}:{out}",
               cluster=name, sni=name, took=took, status=0, authority="-", path="-", method="-", proto="-", agent="-",
               **more)


def write(folder, **logs):
    """Each log under its name, with `__` for dots: mesh cluster, namespace, pod, container."""
    paths = []
    for name, lines in logs.items():
        paths.append(os.path.join(folder, name.replace("__", ".").replace("_", "-") + ".log"))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.writelines(lines)
    return Logs([os.path.basename(path) for path in paths])


CLIENT, SERVER = "c1__ns__web_6bd4f97_x2x2x__istio_proxy", "c2__ns__svc0_7bd4f97_y2y2y__istio_proxy"


def pairs(folder, count, make):
    """A client's and a server's line for each number, as `make(number)` says: time, then what both are given."""
    made = [make(number) for number in range(count)]
    return write(folder, **{
        CLIENT: (client(at, **both) for at, both in made),
        SERVER: (server(at + 1, **both) for at, both in made)})


@shape("services")
def services(n, folder):
    return pairs(folder, n // 2, lambda i: (BEGIN + i, dict(
        service=i, rid=uuid(i), host=f"{ip(i, 11)}:80", port=1024 + i % 60000)))


@shape("authorities", base=25_000)
def authorities(n, folder):
    """Each line names another host to be reached, and no cluster says which service that is."""
    logs = write(folder, **{CLIENT: (
        hop(BEGIN + i, down_local="172.20.0.1:80", down_remote="10.0.0.1:50000", host=f"{ip(i, 11)}:443",
            up_local=f"10.0.0.1:{1024 + i % 60000}", cluster="PassthroughCluster", authority=f"a{i}.example.com:443",
            rid=uuid(i)) for i in range(n))})
    logs.service = None
    return logs


@shape("hosts")
def hosts(n, folder):
    return pairs(folder, n // 2, lambda i: (BEGIN + i, dict(rid=uuid(i), host=f"{ip(i, 11)}:80")))


@shape("endpoints", needs=["imbalance"])
def endpoints(n, folder):
    """Hosts of one service, and files that list twice as many, by line and as kubectl writes them."""
    logs = hosts(n, folder)
    every = [ip(i, 11) for i in range(n)]
    with open(os.path.join(folder, "endpoints.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"{address}:80 pod-{i}\n" for i, address in enumerate(every))
    with open(os.path.join(folder, "endpoints.json"), "w", encoding="utf-8") as file:
        json.dump({"kind": "Endpoints", "subsets": [
            {"addresses": [{"ip": address, "targetRef": {"kind": "Pod", "name": f"pod-{i}"}} for i, address in
                           enumerate(every)], "ports": [{"port": 80}]}]}, file)
    logs.endpoints = ["endpoints.txt", "endpoints.json"]
    return logs


@shape("hosts-ipv6")
def hosts_ipv6(n, folder):
    """Their addresses are IPv6, and so are those of clients."""
    logs = pairs(folder, n // 2, lambda i: (BEGIN + i, dict(rid=uuid(i), host=f"[fd00:1::{i:x}]:80")))
    for log in logs.inputs:
        path = os.path.join(folder, log)
        with open(path, encoding="utf-8") as file:
            lines = file.readlines()
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(line.replace('"10.0.0.1:', f'"[fd00:2::{i:x}]:') for i, line in enumerate(lines))
    with open(os.path.join(folder, "endpoints.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"[fd00:1::{i:x}]:80\n" for i in range(n))
    logs.endpoints = ["endpoints.txt"]
    return logs


@shape("pods")
def pods(n, folder):
    """Every line of another pod, as kubectl puts it in front: callers, each with the pod that answers it."""
    def lines():
        for i in range(n // 2):
            both = dict(rid=uuid(i), host=f"{ip(i, 11)}:80", took=4)
            yield f"[pod/web-{i}-6bd4f97-x2x2x/istio-proxy] " + client(BEGIN + i, pod=ip(i), **both)
            yield f"[pod/svc0-7bd4f97-{i}/istio-proxy] " + server(BEGIN + i + 1, peer=ip(i), **both)
    return write(folder, **{"all": lines()})


@shape("clients")
def clients(n, folder):
    """One server with a caller of its own for each request; only the server's log is there."""
    return write(folder, **{SERVER: (
        server(BEGIN + i, peer=ip(i), rid=uuid(i), more=f',"x_forwarded_for":"{ip(i, 12)}"') for i in range(n))})


@shape("files", base=2500)
def files(n, folder):
    """A file of its own for each line, each of them an argument."""
    inputs = []
    for i in range(n):
        inputs.append(f"{i}.log")
        line = client(BEGIN + i // 2, rid=uuid(i // 2)) if i % 2 else server(BEGIN + i // 2, rid=uuid(i // 2))
        with open(os.path.join(folder, inputs[-1]), "w", encoding="utf-8") as file:
            file.write(line)
    return Logs(inputs)


def mesh_clusters(n, folder, ids):
    """A file for each mesh cluster with twenty lines: callers in even ones, servers in odd ones."""
    inputs = []
    for number in range(n // 20):
        inputs.append(f"web{number:05}.ns.app-6bd4f97-x2x2x.istio-proxy.log")
        pair = number // 2
        with open(os.path.join(folder, inputs[-1]), "w", encoding="utf-8") as file:
            for i in range(20):
                both = dict(host=f"{ip(pair, 11)}:80", rid=uuid(pair * 20 + i) if ids else "-", service=pair % 50,
                            path=f"/{i % 7}", port=1024 + i)
                at = BEGIN + i * 50 + pair % 40
                file.write(server(at + 1, peer=ip(pair), **both) if number % 2 else client(at, pod=ip(pair), **both))
    return Logs(inputs)


@shape("mesh-clusters", base=2500)
def mesh_clusters_with_ids(n, folder):
    return mesh_clusters(n, folder, ids=True)


@shape("mesh-clusters-no-ids", base=2500)
def mesh_clusters_without(n, folder):
    return mesh_clusters(n, folder, ids=False)


@shape("mesh-clusters-alike")
def mesh_clusters_alike(n, folder):
    """Four mesh clusters that call and answer, all alike and within one second; nothing is the other end of anything."""
    per = n // 8
    logs = {}
    for c in range(4):
        logs[f"c{c}__ns__web{c}_6bd4f97_x2x2x__istio_proxy"] = [
            client(BEGIN + i * 1000 // per, rid=uuid(10 * i + c), port=1024 + i % 60000, pod=f"10.0.{c}.1")
            for i in range(per)]
        logs[f"c{c}__ns__svc0_7bd4f97_y{c}y2y__istio_proxy"] = [
            server(BEGIN + i * 1000 // per, rid=uuid(10 * i + c + 5_000_000), port=1024 + i % 60000,
                   host=f"10.9.{c}.1:80", peer=f"10.7.{c}.1") for i in range(per)]
    return write(folder, **logs)


@shape("one-millisecond")
def one_millisecond(n, folder):
    return pairs(folder, n // 2, lambda i: (BEGIN, dict(rid=uuid(i), port=1024 + i % 60000, path=f"/{i}")))


@shape("one-millisecond-no-ids")
def one_millisecond_without(n, folder):
    return pairs(folder, n // 2, lambda i: (BEGIN, dict(port=1024 + i % 60000, path=f"/{i % 7}")))


@shape("one-connection")
def one_connection(n, folder):
    logs = pairs(folder, n // 2, lambda i: (BEGIN + i, dict(rid=uuid(i))))
    more = write(folder, c2__istio_system__istio_asm_cross_network_7d_aaaaa__istio_proxy=[
        carrier(BEGIN - 1, took=n // 2 + 10, sent=50 * n)])
    return Logs(logs.inputs + more.inputs)


@shape("one-connection-no-ids")
def one_connection_without(n, folder):
    """Ids are rewritten on the way, times and paths are all there is."""
    logs = pairs(folder, n // 2, lambda i: (BEGIN + i, dict(path=f"/{i % 7}")))
    more = write(folder, c2__istio_system__istio_asm_cross_network_7d_aaaaa__istio_proxy=[
        carrier(BEGIN - 1, took=n // 2 + 10, sent=50 * n)])
    return Logs(logs.inputs + more.inputs)


@shape("connections")
def connections(n, folder):
    """All connections of a proxy open at once, a request over each."""
    third = n // 3
    return write(folder, **{
        CLIENT: (client(BEGIN + 500 + i, port=1024 + i % 60000, pod=ip(i // 60000), host="10.8.0.1:15443")
                 for i in range(third)),
        SERVER: (server(BEGIN + 501 + i, peer="10.8.0.1", port=1024 + i % 60000) for i in range(third)),
        "c2__istio_system__istio_asm_cross_network_7d_aaaaa__istio_proxy": (
            carrier(BEGIN + i % 500, port=1024 + i % 60000, peer=ip(i // 60000), out=1024 + i % 60000, took=90_000)
            for i in range(third))})


@shape("equal-lines")
def equal_lines(n, folder):
    return write(folder, **{CLIENT: itertools.repeat(client(BEGIN, rid=uuid(1)), n)})


@shape("one-id")
def one_id(n, folder):
    """The same request id in every line, as of a test tool that sets it."""
    return pairs(folder, n // 2, lambda i: (BEGIN + i, dict(rid=uuid(1), port=1024 + i % 1000, path=f"/{i % 7}")))


@shape("open-requests")
def open_requests(n, folder):
    """A pod with a thousand requests open at any time, each of which makes a call; nothing is passed on."""
    half = n // 2
    return write(folder, **{
        SERVER: (server(BEGIN + i, rid=uuid(i), took=1000 + i % 7, path=f"/in/{i % 3}") for i in range(half)),
        "c2__ns__svc0_7bd4f97_y2y2y__app": (
            client(BEGIN + i + 500, service=1 + i % 2, pod="10.9.0.1", rid=uuid(half + i), took=20, path=f"/out/{i % 5}")
            for i in range(half))})


@shape("circle")
def circle(n, folder):
    """Three services that call each other in a circle, all within a millisecond; ids do not get through an app."""
    logs = {f"c1__ns__svc{s}_7bd4f97_y2y2y__istio_proxy": [] for s in range(3)}
    for i in range(n // 2):
        caller, called = i % 3, (i + 1) % 3
        both = dict(service=called, rid=uuid(i), host=f"10.9.0.{called}:80", took=1, port=1024 + i % 60000)
        logs[f"c1__ns__svc{caller}_7bd4f97_y2y2y__istio_proxy"].append(client(BEGIN, pod=f"10.9.0.{caller}", **both))
        logs[f"c1__ns__svc{called}_7bd4f97_y2y2y__istio_proxy"].append(server(BEGIN, peer=f"10.9.0.{caller}", **both))
    return write(folder, **logs)


@shape("chain", base=2500)
def chain(n, folder):
    """One trace, each call within the one before."""
    def lines():
        for i in range(n // 2):
            both = dict(service=i, rid=uuid(1), host=f"{ip(i + 1)}:80", took=n - i)
            yield f"[pod/svc{i}-7bd4f97-y2y2y/istio-proxy] " + client(BEGIN + i, pod=ip(i), **both)
            yield f"[pod/svc{i + 1}-7bd4f97-y2y2y/istio-proxy] " + server(BEGIN + i, peer=ip(i), **both)
    return write(folder, **{"all": lines()})


@shape("fan-out")
def fan_out(n, folder):
    """One request that makes all calls, with its id passed on."""
    return write(folder, **{
        SERVER: [server(BEGIN, rid=uuid(1), took=n)],
        "c2__ns__svc0_7bd4f97_y2y2y__app": (
            client(BEGIN + 1 + i, service=1, pod="10.9.0.1", rid=uuid(1), took=2, path=f"/{i}") for i in range(n))})


@shape("retries")
def retries(n, folder):
    """Sixty-four attempts of each request."""
    return pairs(folder, n // 2, lambda i: (BEGIN + i, dict(
        rid=uuid(i // 64), status=503, flags="URX" if i % 64 == 63 else "UF", host=f"10.9.0.{i % 64}:80",
        port=1024 + i % 60000)))


@shape("long-paths", base=1500)
def long_paths(n, folder):
    """Paths of 8 KiB, no two the same, which differ at their end."""
    return pairs(folder, n // 2, lambda i: (BEGIN + i, dict(rid=uuid(i), path="/" + "x" * 8180 + f"{i:08}")))


@shape("texts")
def texts(n, folder):
    """Everything that a line can say in words is said for the first time."""
    return pairs(folder, n // 2, lambda i: (BEGIN + i, dict(
        rid=f"id-{i}", agent=f"agent/{i}", path=f"/p/{i}", method=f"M{i}", service=i, authority=f"a{i}",
        more=f',"route_name":"route {i}","upstream_transport_failure_reason":"reason {i}","x_forwarded_for":"f{i}",'
             f'"response_code_details":"details{i}","trace_id":"{uuid(i).replace("-", "")}"')))


@shape("keys")
def keys(n, folder):
    """No two lines have the same keys, so that no line's shape helps with the next."""
    return write(folder, **{CLIENT: (
        client(BEGIN + i, rid=uuid(i), more=f',"k{i}":{{"a{i}":[1,{{"b":null}}]}},"l{i * 7 % 1000}":"-"') for i in range(n))})


@shape("rejected")
def rejected(n, folder):
    """Lines that are none: cut, without a time, nested too deeply, of quotes that are not escaped."""
    line = client(BEGIN, rid=uuid(1))
    kinds = [line[:200] + "\n", line.replace("start_time", "no_time"), "[" * 300 + "\n", line.replace("curl/8", 'a"b":"c'),
             "x" * 300 + "\n"]
    return write(folder, **{CLIENT: itertools.chain([line], (kinds[i % 5] for i in range(n)))})


@shape("minutes")
def minutes(n, folder):
    """A request for each minute, for weeks."""
    return pairs(folder, n // 2, lambda i: (BEGIN + i * 60_000, dict(rid=uuid(i))))


@shape("years")
def years(n, folder):
    """A request each four days, for centuries."""
    return pairs(folder, n // 2, lambda i: (i * 345_600_000, dict(rid=uuid(i))))


@shape("backwards")
def backwards(n, folder):
    """Newest first, six seconds between two requests."""
    return pairs(folder, n // 2, lambda i: (BEGIN - i * 6000, dict(rid=uuid(i))))


@shape("durations")
def durations(n, folder):
    """Requests and connections that last for years, all of them open at once."""
    logs = pairs(folder, n // 3, lambda i: (BEGIN + i * 1000, dict(
        rid=uuid(i), took=10 ** (4 + i % 9), port=1024 + i % 60000)))
    more = write(folder, c2__istio_system__istio_asm_cross_network_7d_aaaaa__istio_proxy=(
        carrier(BEGIN + i * 1000, port=1024 + i % 60000, out=1024 + i % 60000, took=10 ** (4 + i % 9))
        for i in range(n // 3)))
    return Logs(logs.inputs + more.inputs)


@shape("flags")
def flags(n, folder):
    """Flags in as many combinations as there are lines."""
    every = ("DC DF DI DO DPE DR DT FI IH LH LR NC NFCF NR OM RL RLSE RSE SI UAEX UC UF UH UMSDR UO UPE UR URX UT").split()
    return pairs(folder, n // 2, lambda i: (BEGIN + i, dict(
        rid=uuid(i), status=503, flags=",".join(flag for bit, flag in enumerate(every) if (i + 1) >> bit & 1))))


SAFE = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~"


def forgetful(state, factor=0x9E37_79B9_7F4A_7C15):
    """Texts of two words, a slash first. To an unkeyed hash that begins with `state` and goes on by
    `(state ^ word) * factor`, as that of older versions did, all of them are the same text."""
    # What is left of all of them; its lowest byte is what the slash makes an underscore of.
    aim = 0x1122_3344_5566_7700 | (state ^ ord("/")) * factor & 255 ^ ord("_")

    def words(place, word):
        if place == 8:
            yield (word.to_bytes(8, "little") + ((state ^ word) * factor & (1 << 64) - 1 ^ aim).to_bytes(8, "little")).decode()
            return
        for byte in SAFE if place else b"/":
            longer = word | byte << 8 * place
            # The lower bytes of a product rest on the lower bytes of its factor alone.
            if ((state ^ longer) * factor ^ aim) >> 8 * place & 255 in SAFE:
                yield from words(place + 1, longer)

    return words(0, 0)


@shape("chosen-words")
def chosen_words(n, folder):
    """Paths and request ids that older versions' hash could not tell apart."""
    chosen = itertools.islice(forgetful(0xA076_1D64_78BD_642F ^ 16), n // 2)
    return pairs(folder, n // 2, lambda i: (BEGIN + i, (lambda text: dict(path=text, rid=text))(next(chosen))))


@shape("random-words")
def random_words(n, folder):
    """The same with words that nobody chose: what `chosen-words` is compared with."""
    numbers = random.Random(1)
    words = ["/" + "".join(chr(numbers.choice(SAFE)) for _ in range(15)) for _ in range(n // 2)]
    return pairs(folder, n // 2, lambda i: (BEGIN + i, dict(path=words[i], rid=words[i])))


TCP = dict(method="-", path="-", proto="-", status=0, authority="-", agent="-", got=500, sent=700)


def tcp_server(at, peer, **more):
    return hop(at, down_local="10.9.0.1:80", down_remote=peer, host="10.9.0.1:80", up_local="127.0.0.6:40001",
               cluster="inbound|80||", sni=f"outbound_.80_._.{name_of(0)}", **{**TCP, **more})


@shape("tcp-connections")
def tcp_connections(n, folder):
    """TCP connections through a NAT, all within a second and with the same bytes: nothing but times tells them apart."""
    return write(folder, **{
        CLIENT: (client(BEGIN + i * 1000 // n, port=1024 + i % 60000, took=500, **TCP) for i in range(n // 2)),
        SERVER: (tcp_server(BEGIN + i * 1000 // n + 1, f"10.7.0.1:{1024 + i % 60000}", took=498) for i in range(n // 2))})


@shape("tcp-one-address")
def tcp_one_address(n, folder):
    """TCP connections that all have the same address and port."""
    return write(folder, **{
        CLIENT: (client(BEGIN + i, took=n, **TCP) for i in range(n // 2)),
        SERVER: (tcp_server(BEGIN + i, "10.0.0.1:40000", took=n) for i in range(n // 2))})


def gateway_hop(at, i, rid, **more):
    return hop(at, down_local="10.5.0.1:8080", down_remote=f"10.0.0.1:{more.pop('port', 40000)}", host="10.9.0.1:80",
               up_local=f"10.5.0.1:{more.pop('out', 41000)}", cluster=f"outbound|80||{name_of(0)}", rid=rid, **more)


GATEWAY = "c1__istio_system__istio_ingressgateway_7bd4f97_z2z2z__istio_proxy"


@shape("gateway-connection-no-ids")
def gateway_connection_no_ids(n, folder):
    """All requests of a gateway over one connection, all alike; ids are made anew behind it."""
    return write(folder, **{
        GATEWAY: (gateway_hop(BEGIN + i, i, uuid(i), took=5) for i in range(n // 2)),
        SERVER: (server(BEGIN + i + 1, rid=uuid(i + 10_000_000), peer="10.5.0.1", port=41000, took=3)
                 for i in range(n // 2))})


@shape("gateway-one-id")
def gateway_one_id(n, folder):
    """All requests of a gateway have one id."""
    return write(folder, **{
        GATEWAY: (gateway_hop(BEGIN + i, i, uuid(1), took=5) for i in range(n // 2)),
        SERVER: (server(BEGIN + i + 1, rid=uuid(1), peer="10.7.0.1", port=41000, took=3) for i in range(n // 2))})


@shape("unnamed-addresses")
def unnamed_addresses(n, folder):
    """Lines of as many pods, in one stream that names none of them."""
    return write(folder, **{"all": (client(BEGIN + i, pod=ip(i), rid=uuid(i)) for i in range(n))})


@shape("pods-one-address")
def pods_one_address(n, folder):
    """As many pods that had one address, one after the other."""
    return write(folder, **{"all": (
        f"[pod/web-{i}/istio-proxy] " + client(BEGIN + i, rid=uuid(i)) if i % 2 else
        f"[pod/svc0-{i}/istio-proxy] " + server(BEGIN + i, rid=uuid(i - 1)) for i in range(n))})
