"""Situations of operation with what must be found in them: each function writes lines into a Log and returns an Expect.

`Shape` varies topology, rate and length; what must be found does not depend on it. `must` are kinds that have to be found,
`may` those that are true beside it; every other kind is wrong. `cause` and `verdict` are those of `imbalance`.
"""

import heapq
import itertools

import meshlog
from meshlog import BORDER, Connection, failed, refused

SERVICE = "cart.shop.svc.cluster.local"


class Expect:
    def __init__(self, must=(), may=(), cause=None, verdict=None, endpoints=None, drop=()):
        self.must, self.may, self.cause, self.verdict = set(must), set(may), cause, verdict
        self.endpoints, self.drop = endpoints, drop


class Shape:
    def __init__(self, rate=1.0, hosts=4, callers=6, proxies=1, length=400):
        self.rate, self.hosts, self.callers, self.proxies, self.length = rate, hosts, callers, proxies, length

    def __str__(self):
        return f"rate ×{self.rate} hosts {self.hosts} callers {self.callers} proxies {self.proxies} {self.length} s"


class World:
    """Pods of a shape, and some ways to fill them with requests."""

    def __init__(self, log, shape, border=True):
        self.log, self.shape = log, shape
        self.random = log.random
        place = "north" if border else "south"
        self.callers = [log.pod("south", "web", f"10.11.{i // 200}.{20 + i % 200}", "front") for i in range(shape.callers)]
        self.hosts = [self.host(place, i) for i in range(shape.hosts)]
        self.proxies = [log.pod("north", "istio-eastwestgateway", f"10.12.250.{10 + i}", "istio-system")
                        for i in range(shape.proxies)]
        self.border = border
        self.kept = {}

    def host(self, cluster, number, template=None, deployment="cart"):
        return self.log.pod(cluster, deployment, f"10.{12 if cluster == 'north' else 11}.{100 + number // 200}.{30 + number % 200}",
                            template=template)

    def work(self, scale=1.0):
        return self.random.lognormvariate(-4.6, .5) * scale

    def connect(self, caller, host, begin=0.0, proxy=None, **more):
        if self.border and proxy is None:
            proxy = self.proxies[len(self.kept) % len(self.proxies)]
        connection = Connection(self.log, SERVICE, caller, host, begin, proxy if self.border else None, **more)
        self.kept[id(connection)] = connection
        return connection

    def serve(self, connection, rate, begin=None, end=None, **more):
        for at in self.log.arrivals(rate * self.shape.rate, connection.begin + .05 if begin is None else begin,
                                    self.shape.length if end is None else end):
            connection.request(at, self.work(), **more)

    def finish(self):
        for connection in self.kept.values():
            connection.close(max(connection.last + .5, self.shape.length + .5))

    def even(self, per_host=6, rate=.5, **more):
        callers = itertools.cycle(self.callers)
        for turn in range(per_host):
            for host in self.hosts:
                self.serve(self.connect(next(callers), host, .02 * turn), rate, **more)

    def direct(self, choose, rate=2.0, work=None, begin=0, end=None, callers=None, **more):
        """Every caller balances its requests itself: choose(caller, time) → host."""
        pools = {}
        callers = callers or self.callers
        for at in self.log.arrivals(rate * len(callers) * self.shape.rate, begin, self.shape.length if end is None else end):
            caller = self.random.choice(callers)
            host = choose(caller, at)
            key = (caller.name, host.name)
            if key not in pools:
                pools[key] = Connection(self.log, SERVICE, caller, host, at)
            pools[key].request(at, work(host) if work else self.work(), network=.001, **more)


def robin(world, hosts=None):
    turn = itertools.count(world.random.randrange(100))
    return lambda caller, at: (hosts or world.hosts)[next(turn) % len(hosts or world.hosts)]


# Nothing to find -----------------------------------------------------------------------------------------------------

def even_border(log, shape):
    world = World(log, shape)
    world.even()
    world.finish()
    return Expect(verdict="balanced", cause="none")


def even_direct(log, shape):
    world = World(log, shape, border=False)
    world.direct(robin(world))
    return Expect(verdict="balanced", cause="none")


def rolling(log, shape):
    """Each host is replaced by a new one; connections go over."""
    world = World(log, shape)
    step = shape.length / (2 * shape.hosts + 2)
    callers = itertools.cycle(world.callers)
    for number, old in enumerate(world.hosts):
        new = world.host("north", 50 + number, template="5f6d7c8b9z")
        at = step * (number + shape.hosts / 2 + 1)
        for turn in range(4):
            caller = next(callers)
            connection = world.connect(caller, old, .02 * turn)
            world.serve(connection, 1, end=at)
            world.serve(world.connect(caller, new, at - 2 + .1 * turn), 1)
    for connection in world.kept.values():
        connection.close(connection.last + .5)
    return Expect(verdict="balanced", cause="none")


def scale_in(log, shape):
    world = World(log, shape, border=False)
    gone = shape.length * .35
    before, after = robin(world), robin(world, world.hosts[:-1])
    world.direct(lambda caller, at: (before if at < gone else after)(caller, at))
    return Expect(verdict="balanced", cause="none")


def scale_out(log, shape):
    world = World(log, shape, border=False)
    new = world.host("south", 60)
    came = shape.length * .5
    before, after = robin(world), robin(world, world.hosts + [new])
    world.direct(lambda caller, at: (before if at < came else after)(caller, at))
    return Expect(verdict="balanced", cause="none")


# Spread --------------------------------------------------------------------------------------------------------------

def pinning(log, shape):
    world = World(log, shape)
    turn = 0
    for number, host in enumerate(world.hosts * 2):
        heavy = number == 1 or number == len(world.hosts) + 1 and shape.hosts > 4
        connection = world.connect(world.callers[turn % len(world.callers)], host, .03 * number,
                                   world.proxies[number % len(world.proxies)])
        turn += 1
        world.serve(connection, 3.0 * shape.hosts if heavy else 1.0)
    world.finish()
    return Expect(["connection_pinning"], cause="connection_pinning", verdict="imbalanced")


def few(log, shape):
    world = World(log, shape)
    for number in range(max(1, shape.hosts // 3)):
        world.serve(world.connect(world.callers[number % len(world.callers)], world.hosts[number], .1), 6)
    world.finish()
    return Expect(["few_connections", "idle_host"], cause="few_connections", verdict="imbalanced",
                  endpoints=[f"{host.address} {host.name}" for host in world.hosts])


def late(log, shape):
    world = World(log, shape)
    world.even(per_host=5, rate=1.5)
    came = shape.length * .4
    new = world.host("north", 70)
    for number in range(2):
        world.serve(world.connect(world.callers[-1 - number], new, came + number), .5)
    world.finish()
    return Expect(["late_host"], cause="late_host", verdict="imbalanced")


def lost(log, shape):
    """A host's container restarts: all of its connections go to the others and stay there."""
    world = World(log, shape)
    at = shape.length * .4
    callers = itertools.cycle(world.callers)
    for turn in range(4):
        for host in world.hosts:
            caller = next(callers)
            connection = world.connect(caller, host, .02 * turn)
            if host is not world.hosts[1]:
                world.serve(connection, 1.2)
                continue
            world.serve(connection, 1.2, end=at)
            connection.close(at + .2)
            del world.kept[id(connection)]
            others = [other for other in world.hosts if other is not host]
            world.serve(world.connect(caller, others[turn % len(others)], at + .4), 1.2)
    world.serve(world.connect(world.callers[0], world.hosts[1], at + 30), .2)
    world.finish()
    return Expect(["lost_connections"], cause="lost_connections", verdict="imbalanced")


def proxy_share(log, shape):
    world = World(log, Shape(shape.rate, max(4, shape.hosts), max(8, shape.callers), max(2, shape.proxies), shape.length))
    proxies = len(world.proxies)
    for number in range(40 * proxies):
        proxy = 0 if number % 10 < 8 else 1 + number % max(1, proxies - 1)
        own = [host for place, host in enumerate(world.hosts) if place % proxies == proxy]
        connection = world.connect(world.callers[number % len(world.callers)], own[number // 10 % len(own)] if number % 10 >= 8
                                   else own[number % len(own)], .01 * number, world.proxies[proxy])
        world.serve(connection, .2)
    world.finish()
    return Expect(["proxy_share"], cause="proxy_share", verdict="imbalanced")


def sticky(log, shape):
    world = World(log, shape, border=False)
    keys = [f"/tenant/{name}/cart" for name in "abcdefghijklmnopqrst"]
    homes = {key: world.hosts[place % len(world.hosts)] for place, key in enumerate(keys)}
    pools = {}
    for at in log.arrivals(5 * len(world.callers) * shape.rate, 0, shape.length):
        caller = log.random.choice(world.callers)
        key = keys[2] if log.random.random() < .5 else log.random.choice(keys)
        host = homes[key]
        connection = pools.setdefault((caller.name, host.name), Connection(log, SERVICE, caller, host, at))
        connection.request(at, world.work(), path=key, network=.001)
    return Expect(["sticky_key"], cause="sticky_key", verdict="imbalanced")


def weighted(log, shape):
    """A canary of one pod with a weight of its own, in a deployment of its own."""
    world = World(log, Shape(shape.rate, max(3, shape.hosts), shape.callers, shape.proxies, shape.length), border=False)
    canary = world.host("south", 80, deployment="cart-v2")
    stable = robin(world)
    part = .5 / len(world.hosts)
    world.direct(lambda caller, at: canary if log.random.random() < part * .4 else stable(caller, at))
    return Expect(["weighted_subsets"], cause="weighted_subsets", verdict="imbalanced")


def ejection(log, shape):
    world = World(log, Shape(shape.rate, max(3, min(shape.hosts, 5)), min(4, shape.callers), shape.proxies, max(400, shape.length)),
                  border=False)
    bad = world.hosts[1]
    state, pools = {}, {}
    for at in log.arrivals(8 * len(world.callers) * max(.5, shape.rate), 0, world.shape.length):
        caller = log.random.choice(world.callers)
        until, times, failures = state.get(caller.name, (0, 0, 0))
        host = log.random.choice([h for h in world.hosts if h is not bad or at >= until])
        connection = pools.setdefault((caller.name, host.name), Connection(log, SERVICE, caller, host, at))
        if host is not bad:
            connection.request(at, world.work(), network=.001)
            continue
        failures += 1
        connection.request(at, .002, network=.001, code=503)
        if failures >= 5:
            times, failures = times + 1, 0
            until = at + 30 * times
        state[caller.name] = (until, times, failures)
    return Expect(["outlier_ejection"], ["server_errors"], cause="outlier_ejection", verdict="imbalanced")


def locality(log, shape):
    world = World(log, Shape(shape.rate, max(3, shape.hosts), max(4, shape.callers), shape.proxies, shape.length), border=False)
    near, far = world.hosts[:1], world.hosts[1:]
    first, second = robin(world, near), robin(world, far)
    lone = world.callers[-1]
    world.direct(lambda caller, at: second(caller, at) if caller is lone else first(caller, at))
    return Expect(["locality"], cause="locality", verdict="imbalanced")


def failover(log, shape):
    """The hosts in use fail for a tenth of the time; those of another cluster take over."""
    world = World(log, shape, border=False)
    backups = [world.host("north", 90 + number) for number in range(2)]
    begin, end = shape.length * .5, shape.length * .65
    usual, other = robin(world), robin(world, backups)
    world.direct(lambda caller, at: other(caller, at) if begin <= at < end else usual(caller, at))
    return Expect(["failover"], ["late_host"], cause="failover", verdict="imbalanced")


def least_request(log, shape):
    """Two choices, the one with fewer in flight; one host is eight times slower."""
    world = World(log, Shape(shape.rate, max(3, shape.hosts), 1, shape.proxies, min(shape.length, 600)), border=False)
    busy, ends = [0] * len(world.hosts), []
    pools = {}
    caller = world.callers[0]
    for at in log.arrivals(25 * len(world.hosts) * max(1, shape.rate), 0, min(300, world.shape.length)):
        while ends and ends[0][0] <= at:
            busy[heapq.heappop(ends)[1]] -= 1
        one, two = log.random.sample(range(len(world.hosts)), 2)
        choice = one if busy[one] <= busy[two] else two
        work = world.work(8 if choice == 1 else 1)
        busy[choice] += 1
        heapq.heappush(ends, (at + work, choice))
        connection = pools.setdefault(choice, Connection(log, SERVICE, caller, world.hosts[choice], at))
        connection.request(at, work, network=.001)
    return Expect(["slow_host"], ["adaptive_balancing"])


def slow_border(log, shape):
    world = World(log, shape)
    for number, host in enumerate(world.hosts * 3):
        connection = world.connect(world.callers[number % len(world.callers)], host, .05 * number)
        for at in log.arrivals(1.2 * shape.rate, connection.begin + .05, shape.length):
            connection.request(at, world.work(6 if host is world.hosts[-1] else 1))
    world.finish()
    return Expect(["slow_host"])


def heavy(log, shape):
    world = World(log, Shape(shape.rate, max(3, shape.hosts), shape.callers, shape.proxies, shape.length))
    world.shape = shape
    for number, host in enumerate(world.hosts * 2):
        connection = world.connect(world.callers[number % len(world.callers)], host, .05 * number)
        for at in log.arrivals(1.5 * shape.rate, connection.begin + .05, shape.length):
            export = number == 0 and log.random.random() < .5
            connection.request(at, .8 + log.random.random() if export else world.work(), path="/report/pdf" if export else "/items")
    world.finish()
    return Expect(["uneven_work"], verdict="uneven_work")


def uneven_proxies(log, shape):
    world = World(log, Shape(shape.rate, shape.hosts, max(6, shape.callers), max(2, shape.proxies), shape.length))
    for number in range(12 * len(world.hosts)):
        proxy = world.proxies[1 + number % max(1, len(world.proxies) - 1)] if number % 14 == 0 else world.proxies[0]
        world.serve(world.connect(world.callers[number % len(world.callers)], world.hosts[number % len(world.hosts)], .01 * number,
                                  proxy), .3)
    world.finish()
    return Expect(["uneven_proxies"], verdict="balanced", cause="none")


def surge(log, shape):
    """A new host has no request in flight, so that all callers send it theirs for twenty seconds."""
    world = World(log, Shape(max(1, shape.rate), max(3, shape.hosts), shape.callers, shape.proxies, shape.length), border=False)
    new = world.host("south", 60)
    came = shape.length * .5
    before, after = robin(world), robin(world, world.hosts + [new])
    world.direct(lambda caller, at: before(caller, at) if at < came
                 else new if at < came + 20 and log.random.random() < .85 else after(caller, at))
    return Expect(["surge"])


# Failures ------------------------------------------------------------------------------------------------------------

def background(log, shape):
    """An even service over the border, beside which something fails."""
    world = World(log, shape)
    world.even(per_host=4)
    return world


def often(log, shape, rate=.25):
    return log.arrivals(rate * shape.rate, 5, shape.length)


def no_endpoint(log, shape):
    world = background(log, shape)
    other = "stock.shop.svc.cluster.local"
    name = f"outbound_.8000_._.{other}"
    for at in often(log, shape):
        for attempt in range(3):
            refused(log, world.proxies[attempt % len(world.proxies)], name, at + .003 + .03 * attempt, "UH", cluster=name)
        failed(log, log.random.choice(world.callers), other, at, .08, flags="UF,URX", upstream=BORDER,
               details="upstream_reset_before_response_started{remote_connection_failure}",
               reason="TLS_error:|33554536:system_library:OPENSSL_internal:Connection_reset_by_peer:TLS_error_end")
    world.finish()
    return Expect(["no_healthy_upstream"], verdict="balanced")


def own_no_endpoint(log, shape):
    world = background(log, shape)
    for at in often(log, shape):
        failed(log, world.callers[0], "stock.shop.svc.cluster.local", at, 0, flags="UH", details="no_healthy_upstream")
    world.finish()
    return Expect(["no_healthy_upstream"], verdict="balanced")


def unknown_sni(log, shape):
    world = background(log, shape)
    other = "stock.shop.svc.north.global"
    for at in often(log, shape):
        refused(log, world.proxies[0], other, at + .004, "NR", details="filter_chain_not_found")
        failed(log, world.callers[1], other, at, .05, flags="UF,URX", upstream=BORDER,
               details="upstream_reset_before_response_started{remote_connection_failure}")
    world.finish()
    return Expect(["unknown_sni"], verdict="balanced")


def no_route(log, shape):
    world = background(log, shape)
    for at in often(log, shape):
        failed(log, world.callers[0], "-", at, 0, flags="NR", code=404, cluster=None, details="route_not_found",
               authority="stock.shop:8000")
    world.finish()
    return Expect(["no_route"], verdict="balanced")


def passthrough(log, shape):
    world = background(log, shape)
    for at in often(log, shape):
        failed(log, world.callers[0], "-", at, 10, flags="UF,URX", cluster="PassthroughCluster", upstream="172.16.9.9:8000",
               reason="delayed_connect_error:_110", authority="stock.shop:8000")
    world.finish()
    return Expect(["passthrough"], verdict="balanced")


def tls(log, shape):
    world = background(log, shape)
    why = "TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end"
    for at in often(log, shape):
        host = log.random.choice(world.hosts)
        log.write(world.proxies[0], at + .003, .02, bytes_received=517, bytes_sent=2900, upstream_host=host.address,
                  upstream_cluster=f"outbound_.8000_._.{SERVICE}", requested_server_name=f"outbound_.8000_._.{SERVICE}",
                  upstream_local_address=f"{world.proxies[0].ip}:{log.port(world.proxies[0].ip)}",
                  downstream_local_address=f"{world.proxies[0].ip}:15443",
                  downstream_remote_address=f"10.64.0.1:{log.random.randrange(10000, 64000)}")
        failed(log, world.callers[0], SERVICE, at, .03, flags="UF,URX", upstream=BORDER, reason=why,
               details="upstream_reset_before_response_started{remote_connection_failure|" + why + "}")
    world.finish()
    return Expect(["tls_failure"], ["uneven_proxies"], verdict="balanced")


def timeout(log, shape):
    world = background(log, shape)
    for at in often(log, shape):
        failed(log, log.random.choice(world.callers), "stock.shop.svc.cluster.local", at, 10, flags="UF,URX", upstream="198.51.100.9:15443",
               details="upstream_reset_before_response_started{connection_timeout}")
    world.finish()
    return Expect(["connect_timeout"], verdict="balanced")


def refusal(log, shape):
    world = background(log, shape)
    for at in often(log, shape):
        failed(log, log.random.choice(world.callers), "stock.shop.svc.cluster.local", at, .001, flags="UF,URX", upstream="10.11.9.9:8080",
               reason="delayed_connect_error:_111",
               details="upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111}")
    world.finish()
    return Expect(["connection_refused"], verdict="balanced")


def bypass(log, shape):
    world = background(log, shape)
    old = log.pod("south", "web", "10.11.3.99", "front")
    for number, host in enumerate(world.hosts):
        connection = Connection(log, SERVICE, old, host, .1 * number)
        for at in log.arrivals(.5 * shape.rate, .5, shape.length):
            connection.request(at, world.work())
    world.finish()
    return Expect(["proxy_bypass"], verdict="balanced")


def idle(log, shape):
    world = background(log, Shape(shape.rate, shape.hosts, shape.callers, shape.proxies, 3600))
    world.shape = Shape(1, shape.hosts, shape.callers, shape.proxies, 3600)
    bound = log.random.choice([60, 120, 300])
    for number in range(3):
        caller, host = log.pod("south", "batch", f"10.11.5.{20 + number}", "front"), world.hosts[number % len(world.hosts)]
        at, connection, last = 3.0 * number, None, 0
        while at < 3600:
            if connection is None:
                connection, last = Connection(log, SERVICE, caller, host, at, world.proxies[0]), at
            if at - last > bound:
                connection.request(at, 0, served=False, code=503, flags="UC", seconds=.004,
                                   details="upstream_reset_before_response_started{connection_termination}")
                connection.close(last + bound + 600)
                connection, last = None, at
            else:
                connection.request(at, world.work())
                last = at
            at += log.random.choice([.1, .3, .6, .8, 1.15, 1.4]) * bound
        if connection:
            connection.close(max(last, 3600) + 5)
    world.finish()
    return Expect(["idle_timeout"], ["connections_open"])


def cut(log, shape):
    world = World(log, shape)
    for number, host in enumerate(world.hosts * 2):
        caller = world.callers[number % len(world.callers)]
        connection = world.connect(caller, host, .05 * number)
        for at in log.arrivals(1.5 * shape.rate, connection.begin + .05, shape.length):
            if log.random.random() > .03:
                connection.request(max(at, connection.begin + .02), world.work())
                continue
            work = .02 + log.random.random() * .3
            connection.request(max(at, connection.begin + .02), work, code=503, flags="UC", server_code=0, server_flags="DC", seconds=work + .004,
                               details="upstream_reset_before_response_started{connection_termination}")
            connection.close(at + work + .003)
            del world.kept[id(connection)]
            connection = world.connect(caller, host, at + work + .02)
    world.finish()
    return Expect(["connection_cut"], verdict="balanced")


def breaker(log, shape):
    world = background(log, shape)
    for begin in (.3, .6):
        for at in log.arrivals(4 * shape.rate, begin * shape.length, begin * shape.length + 40):
            failed(log, log.random.choice(world.callers), SERVICE, at, 0, flags="UO", details="upstream_reset_before_response_started{overflow}")
    world.finish()
    return Expect(["circuit_breaker"], verdict="balanced")


def late_answer(log, shape, flags="UT", code=504, details="response_timeout"):
    world = background(log, shape)
    for number, host in enumerate(world.hosts):
        connection = world.connect(world.callers[number % len(world.callers)], host, .5)
        for at in log.arrivals(.12 * shape.rate, 1, shape.length):
            connection.request(at, 5.002, code=code, flags=flags, server_code=0, server_flags="DC", seconds=5.0, path="/slow", details=details)
    world.finish()
    return world


def request_timeout(log, shape):
    late_answer(log, shape)
    return Expect(["request_timeout"], verdict="balanced")


def gave_up(log, shape):
    late_answer(log, shape, "DC", 0, "downstream_remote_disconnect")
    return Expect(["client_gave_up"], verdict="balanced")


def errors(log, shape):
    world = background(log, shape)
    for number, host in enumerate(world.hosts):
        world.serve(world.connect(world.callers[number % len(world.callers)], host, .5), .15, code=500)
    world.finish()
    return Expect(["server_errors"], verdict="balanced")


def retries(log, shape):
    world = World(log, Shape(shape.rate, max(3, shape.hosts), shape.callers, shape.proxies, shape.length), border=False)
    pools = {}
    for at in log.arrivals(6 * shape.rate, 0, shape.length):
        caller, rid, now = log.random.choice(world.callers), log.id(), at
        hosts = log.random.sample(world.hosts, 3)
        for turn, host in enumerate(hosts):
            connection = pools.setdefault((caller.name, host.name), Connection(log, SERVICE, caller, host, now))
            bad, work = log.random.random() < .5, world.work()
            ends = not bad or turn == 2
            connection.request(at if ends else now, work, network=.001 + (now - at if ends else 0), rid=rid, called=ends,
                               code=503 if bad else 200, flags="URX" if bad else None, server_flags=None, seconds=now - at + work + .002)
            now += work + .002 + .02 * log.random.random()
            if ends:
                break
    return Expect(["retry_amplification"], ["server_errors"], verdict="balanced")


def with_fields(log, shape, part, fields):
    """A part of the requests to even hosts has fields that Istio's text format lacks."""
    if log.form == "text":
        log.form = "istio"
    world = background(log, shape)
    for number, host in enumerate(world.hosts):
        connection = world.connect(world.callers[number % len(world.callers)], host, .5)
        for at in log.arrivals(1.2 * shape.rate, connection.begin + .05, shape.length):
            connection.request(at, world.work(), more=fields(log.random.random() < part))
    world.finish()


def grpc(log, shape):
    status = log.random.choice(["14", "UNAVAILABLE", "Unavailable", "4", "13"])
    with_fields(log, shape, .2, lambda bad: {"grpc_status": status if bad else "0"})
    return Expect(["grpc_failures"], verdict="balanced")


def grpc_answers(log, shape):
    """Not found and the like are answers, not failures."""
    with_fields(log, shape, .3, lambda bad: {"grpc_status": "5" if bad else "0"})
    return Expect(verdict="balanced", cause="none")


def counted_retries(log, shape):
    with_fields(log, shape, .8, lambda bad: {"upstream_request_attempt_count": "3" if bad else "1"})
    return Expect(["retry_amplification"], verdict="balanced")


# Logs ----------------------------------------------------------------------------------------------------------------

def cut_host(log, shape):
    """One host's log ends while the host goes on."""
    world = World(log, shape, border=False)
    world.direct(robin(world))
    log.cut(world.hosts[0], shape.length * .5)
    return Expect(["silent_source"], ["log_missing"])


def cut_caller(log, shape):
    world = World(log, shape)
    world.even()
    world.finish()
    log.cut(world.callers[0], shape.length * .5)
    return Expect(["silent_source"], ["log_missing", "connections_open"])


def job(log, shape):
    """Jobs come and go beside an even service."""
    world = background(log, shape)
    minute = int(log.origin.timestamp()) // 60
    for number in range(3):
        name = "".join(log.random.choice(meshlog.LETTERS) for _ in range(5))
        begin = shape.length * .2 * number + 1
        pod = meshlog.Pod("south", f"report-{minute + number}-{name}", f"10.11.6.{20 + number}", "jobs")
        for host in world.hosts:
            world.serve(world.connect(pod, host, begin), 1, end=begin + 40)
    world.finish()
    return Expect(verdict="balanced", cause="none")


def new_callers(log, shape):
    """A deployment of callers is rolled out: old pods end, new ones come."""
    world = World(log, shape)
    for number, old in enumerate(world.callers):
        new = log.pod("south", "web", f"10.11.7.{20 + number}", "front", template="5f6d7c8b9z")
        at = shape.length * (.3 + .3 * number / len(world.callers))
        for host in world.hosts:
            connection = world.connect(old, host, .1)
            world.serve(connection, .5, end=at)
            world.serve(world.connect(new, host, at + 2), .5)
    world.finish()
    return Expect(verdict="balanced", cause="none")



def no_client_log(log, shape):
    world = background(log, shape)
    world.finish()
    return Expect(["log_missing"], drop=[world.callers[0].name])


def no_server_log(log, shape):
    world = background(log, shape)
    world.finish()
    return Expect(["log_missing"], drop=[world.hosts[0].name])


ALL = {name: value for name, value in list(globals().items())
       if callable(value) and getattr(value, "__module__", "") == __name__ and not isinstance(value, type)
       and name not in ("robin", "background", "often", "late_answer", "with_fields")}
