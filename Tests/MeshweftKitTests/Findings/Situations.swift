import TestSupport

@testable import MeshweftKit

/// A situation of operation, and the kinds that must be found in it; any other is wrong.
struct Situation: CustomStringConvertible, Sendable {
  var description: String
  var found: Set<String>
  /// True beside it, and no matter.
  var allowed: Set<String> = []
  /// Of `imbalance`; nil where it does not matter.
  var cause: String?
  var make: @Sendable () -> SituationLog

  init(
    _ name: String, finds found: Set<String> = [], allowed: Set<String> = [], cause: String? = nil,
    _ make: @escaping @Sendable () -> SituationLog
  ) {
    description = name
    self.found = found
    self.allowed.formUnion(allowed)
    self.cause = cause
    self.make = make
  }

  static let all = even + spread + failures + calls + logs + endings + chance
}

extension SituationLog {
  static let length = 300.0

  /// Connections from callers in turn, so many to each host, with a request each `gap` seconds.
  @discardableResult
  func even(perHost: Int = 4, gap: Double = 2, to end: Double = SituationLog.length) -> SituationLog {
    for turn in 0..<perHost {
      for (place, host) in hosts.enumerated() {
        serve(callers[(turn * hosts.count + place) % callers.count], host, gap: gap, to: end)
      }
    }
    return self
  }

  /// One connection over the border, from beginning to end.
  func serve(
    _ caller: Pod, _ host: Pod, gap: Double, from: Double = 0, to end: Double = SituationLog.length,
    proxy: Int = 0,
    work: Double = 0.01, _ request: Request = Request()
  ) {
    let connection = connect(caller, host, from, through: proxies[proxy])
    for time in times(every: gap, from: from + 0.1, to: end) {
      self.request(connection, time, work: work, request)
    }
    close(connection, at: end + 0.5)
  }

  /// Callers that balance themselves: `choose` says which host a caller takes at a time.
  @discardableResult
  func direct(
    gap: Double = 0.05, _ send: (SituationLog, Pod, Double) -> (host: Pod, work: Double, request: Request)
  ) -> SituationLog {
    var pools: [String: Connection] = [:]
    for time in times(every: gap, to: SituationLog.length) {
      let caller = random.pick(callers)
      let choice = send(self, caller, time)
      let key = caller.name + choice.host.name
      let connection = pools[key] ?? connect(caller, choice.host, time)
      pools[key] = connection
      request(connection, time, work: choice.work, choice.request)
    }
    return self
  }
}

extension Situation {
  private typealias Request = SituationLog.Request

  static let even = [
    Situation("even over the border", cause: "none") { SituationLog().even() },
    Situation("even, callers balance themselves", cause: "none") {
      var turn = 0
      return SituationLog(hostCluster: "south").direct { log, _, _ in
        turn += 1
        return (log.hosts[turn % 3], 0.01, Request())
      }
    },
    Situation("a rolling deploy", cause: "none") {
      let log = SituationLog(hosts: 6)
      for slot in 0..<3 {
        let change = 150 + 20 * Double(slot)
        for turn in 0..<4 {
          log.serve(log.callers[turn], log.hosts[slot], gap: 1, to: change)
          log.serve(log.callers[turn], log.hosts[slot + 3], gap: 1, from: change - 1)
        }
      }
      return log
    },
    Situation("a StatefulSet's rolling update: names stay, addresses change", cause: "none") {
      let log = SituationLog(hosts: 3)
      for (slot, host) in log.hosts.enumerated() {
        var old = host
        old.name = "cart-\(slot)"
        var new = old
        new.ip = "10.12.1.\(60 + slot)"
        let change = 100 + 50 * Double(slot)
        for caller in log.callers {
          log.serve(caller, old, gap: 1, to: change - 3)
          log.serve(caller, new, gap: 1, from: change + 3)
        }
      }
      return log
    },
    Situation("a host whose log is missing, as busy as the others", finds: ["log_missing"], cause: "none") {
      var turn = 0
      return SituationLog(hostCluster: "south").direct { log, _, _ in
        turn += 1
        return (log.hosts[turn % 3], 0.01, Request(served: turn % 3 != 0))
      }
    },
    Situation("a third proxy is added", cause: "none") {
      let log = SituationLog(hosts: 3, proxies: 3)
      for (number, begin) in stride(from: 0.0, to: SituationLog.length - 10, by: 2).enumerated() {
        let proxies = begin < 150 ? 2 : 3
        log.serve(
          log.callers[number % 4], log.hosts[number % 3], gap: 0.5, from: begin, to: begin + 8,
          proxy: number / 3 % proxies)
      }
      return log
    },
    Situation("proxies take turns", cause: "none") {
      let log = SituationLog(hosts: 3, proxies: 2)
      for (place, host) in log.hosts.enumerated() {
        for (number, caller) in log.callers.enumerated() {
          let change = 100 + 10 * Double(place) + 3 * Double(number)
          log.serve(caller, host, gap: 1, to: change)
          log.serve(caller, host, gap: 1, from: change + 1, proxy: 1)
        }
      }
      return log
    },
    Situation("a host is scaled in", cause: "none") {
      var turn = 0
      return SituationLog(hosts: 4, hostCluster: "south").direct { log, _, time in
        turn += 1
        return (log.hosts[turn % (time < 100 ? 4 : 3)], 0.01, Request())
      }
    },
  ]

  static let spread = [
    Situation("one connection has most requests", finds: ["connection_pinning"], cause: "connection_pinning")
    {
      let log = SituationLog()
      for number in 0..<6 {
        log.serve(log.callers[number % 4], log.hosts[number % 3], gap: number == 0 ? 0.1 : 1)
      }
      return log
    },
    Situation(
      "the busiest host's log is missing", finds: ["log_missing", "unexplained"], cause: "unexplained"
    ) {
      SituationLog(hostCluster: "south").direct { log, _, _ in
        let host =
          Int.random(in: 0..<6, using: &log.random) < 4 ? 0 : Int.random(in: 1...2, using: &log.random)
        return (log.hosts[host], 0.01, Request(served: host != 0))
      }
    },
    Situation("five connections to three hosts", finds: ["few_connections"], cause: "few_connections") {
      let log = SituationLog()
      for number in 0..<5 {
        log.serve(log.callers[number % 4], log.hosts[number < 3 ? 0 : number - 2], gap: 0.6)
      }
      return log
    },
    Situation("a host comes late", finds: ["late_host"], cause: "late_host") {
      let log = SituationLog(hosts: 4)
      for turn in 0..<4 { for host in log.hosts.prefix(3) { log.serve(log.callers[turn], host, gap: 1) } }
      log.serve(log.callers[0], log.hosts[3], gap: 2, from: 120)
      return log
    },
    Situation("a host loses its connections", finds: ["lost_connections"], cause: "lost_connections") {
      let log = SituationLog()
      for turn in 0..<4 {
        log.serve(log.callers[turn], log.hosts[0], gap: 1)
        log.serve(log.callers[turn], log.hosts[1], gap: 1)
        log.serve(log.callers[turn], log.hosts[2], gap: 1, to: 120)
        log.serve(log.callers[turn], log.hosts[turn % 2], gap: 1, from: 121)
      }
      log.serve(log.callers[0], log.hosts[2], gap: 5, from: 140)
      return log
    },
    Situation("proxies with hosts of their own", finds: ["proxy_share"], cause: "proxy_share") {
      let log = SituationLog(callers: 6, hosts: 4, proxies: 2)
      for number in 0..<50 {
        let proxy = number % 5 == 0 ? 1 : 0
        log.serve(log.callers[number % 6], log.hosts[2 * proxy + number / 5 % 2], gap: 6, proxy: proxy)
      }
      return log
    },
    Situation("one proxy has nearly all connections", finds: ["uneven_proxies"], cause: "none") {
      let log = SituationLog(callers: 6, proxies: 2)
      for number in 0..<30 {
        log.serve(log.callers[number % 6], log.hosts[number % 3], gap: 4, proxy: number % 15 == 0 ? 1 : 0)
      }
      return log
    },
    Situation("a hot path has one host", finds: ["sticky_key"], cause: "sticky_key") {
      SituationLog(hostCluster: "south").direct { log, _, _ in
        let key = Bool.random(using: &log.random) ? 1 : Int.random(in: 0..<12, using: &log.random)
        return (log.hosts[key % 3], 0.01, Request(path: "/tenant/" + "abcdefghijkl".map(String.init)[key]))
      }
    },
    Situation("callers keep to their zone", finds: ["locality"], cause: "locality") {
      var turn = 0
      return SituationLog(hostCluster: "south").direct { log, caller, _ in
        turn += 1
        return (caller.name == log.callers[0].name ? log.hosts[1 + turn % 2] : log.hosts[0], 0.01, Request())
      }
    },
    Situation(
      "a failing host is ejected", finds: ["outlier_ejection"], allowed: ["server_errors"],
      cause: "outlier_ejection"
    ) {
      var until: [String: (time: Double, count: Double, bad: Int)] = [:]
      return SituationLog(callers: 2, hosts: 3, hostCluster: "south").direct { log, caller, time in
        var state = until[caller.name] ?? (0, 0, 0)
        let host = Int.random(in: 0..<(time < state.time ? 2 : 3), using: &log.random)
        if host == 2 { state.bad += 1 }
        if state.bad >= 5 { state = (time + 30 * (state.count + 1), state.count + 1, 0) }
        until[caller.name] = state
        return (log.hosts[host], 0.01, Request(code: host == 2 ? 503 : 200))
      }
    },
    Situation("a host is slow", finds: ["slow_host"]) {
      let log = SituationLog()
      for turn in 0..<4 {
        for (place, host) in log.hosts.enumerated() {
          log.serve(log.callers[turn], host, gap: 2, work: place == 1 ? 0.08 : 0.01)
        }
      }
      return log
    },
    Situation("one host gets the heavy path", finds: ["uneven_work"], cause: "uneven_work") {
      let log = SituationLog()
      log.even(perHost: 3)
      for host in log.hosts {
        log.serve(
          log.callers[0], host, gap: 2, work: host.ip == log.hosts[0].ip ? 1 : 0.01,
          Request(path: host.ip == log.hosts[0].ip ? "/report" : "/items"))
      }
      return log
    },
  ]

  private static func beside(
    _ name: String, finds kind: String, every gap: Double = 5,
    _ add: @escaping @Sendable (SituationLog, Double) -> Void
  ) -> Situation {
    Situation(name, finds: [kind], cause: "none") {
      let log = SituationLog().even()
      for time in log.times(every: gap, from: 3, to: SituationLog.length) { add(log, time) }
      return log
    }
  }

  private static let other = "stock.shop.svc.cluster.local"

  static let failures = [
    beside("no endpoint behind the proxy", finds: "no_healthy_upstream") { log, time in
      let name = "outbound_.8000_._.\(other)"
      log.refuse(time + 0.01, serverName: name, flags: "UH", cluster: name)
      log.fail(log.callers[0], time, 0.05, flags: "UF,URX", service: other, upstream: SituationLog.border)
    },
    beside("the proxy does not know the SNI", finds: "unknown_sni") { log, time in
      log.refuse(time + 0.01, serverName: "stock.north.global", flags: "NR")
      log.fail(
        log.callers[0], time, 0.05, flags: "UF,URX", service: "stock.north.global",
        upstream: SituationLog.border)
    },
    beside("the caller has no route", finds: "no_route") { log, time in
      log.fail(log.callers[0], time, 0, flags: "NR", code: 404, cluster: "-")
    },
    beside("unknown traffic", finds: "passthrough") { log, time in
      log.fail(
        log.callers[0], time, 10, flags: "UF,URX", cluster: "PassthroughCluster", upstream: "172.16.9.9:8000")
    },
    beside("no common root", finds: "tls_failure") { log, time in
      log.fail(
        log.callers[0], time, 0.02, flags: "UF,URX", upstream: SituationLog.border,
        reason: "TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end")
    },
    beside("packets are dropped", finds: "connect_timeout") { log, time in
      log.fail(log.callers[0], time, 10, flags: "UF,URX", service: other, upstream: "198.51.100.9:15443")
    },
    beside("nothing listens", finds: "connection_refused") { log, time in
      log.fail(
        log.callers[0], time, 0.001, flags: "UF,URX", service: other, upstream: "10.11.9.9:8080",
        reason: "delayed_connect_error:_111")
    },
    beside("the circuit breaker is open", finds: "circuit_breaker") { log, time in
      log.fail(log.callers[0], time, 0, flags: "UO")
    },
    Situation(
      "a load balancer forgets idle connections", finds: ["idle_timeout"], allowed: ["connections_open"],
      cause: nil
    ) {
      let log = SituationLog().even()
      for caller in log.callers.prefix(2) {
        var connection = log.connect(caller, log.hosts[0], 1, through: log.proxies[0])
        var (time, last) = (1.0, 1.0)
        for pause in [8, 15, 40, 12, 45, 19, 50, 15] as [Double] {
          if time - last > 20 {
            log.request(
              connection, time, work: 0, Request(code: 503, flags: "UC", seconds: 0.004, served: false))
            log.close(connection, at: last + 100)
            connection = log.connect(caller, log.hosts[0], time + 0.01, through: log.proxies[0])
            log.request(connection, time + 0.02)
          } else {
            log.request(connection, time)
          }
          last = time
          time += pause
        }
        log.close(connection, at: 300.5)
      }
      return log
    },
    Situation("connections are cut", finds: ["connection_cut"], cause: "none") {
      let log = SituationLog()
      for (place, host) in (log.hosts + log.hosts).enumerated() {
        var connection = log.connect(log.callers[place % 4], host, 0, through: log.proxies[0])
        for (count, time) in log.times(every: 1, from: 0.1, to: SituationLog.length).enumerated() {
          guard count % 40 == 20 else {
            log.request(connection, time)
            continue
          }
          log.request(
            connection, time, work: 0.2,
            Request(code: 503, flags: "UC", serverCode: 0, serverFlags: "DC", seconds: 0.2))
          log.close(connection, at: time + 0.2)
          connection = log.connect(log.callers[place % 4], host, time + 0.21, through: log.proxies[0])
        }
        log.close(connection, at: 300.5)
      }
      return log
    },
    Situation("the route's timeout is short", finds: ["request_timeout"], cause: nil) {
      let log = SituationLog().even()
      for host in log.hosts {
        log.serve(
          log.callers[0], host, gap: 20, work: 5,
          Request(path: "/slow", code: 504, flags: "UT", serverCode: 0, serverFlags: "DC", seconds: 5))
      }
      return log
    },
    Situation("the calling app gives up", finds: ["client_gave_up"], cause: nil) {
      let log = SituationLog().even()
      for host in log.hosts {
        log.serve(
          log.callers[0], host, gap: 20, work: 5,
          Request(path: "/slow", code: 0, flags: "DC", serverCode: 0, serverFlags: "DC", seconds: 5))
      }
      return log
    },
    Situation("the app answers 5xx", finds: ["server_errors"], cause: "none") {
      let log = SituationLog().even()
      for host in log.hosts { log.serve(log.callers[0], host, gap: 10, Request(code: 500)) }
      return log
    },
    Situation(
      "requests are tried again", finds: ["retry_amplification"], allowed: ["server_errors"], cause: "none"
    ) {
      let log = SituationLog(hostCluster: "south")
      let pools = log.hosts.map { log.connect(log.callers[0], $0, 0) }
      for (count, time) in log.times(every: 0.3, to: SituationLog.length).enumerated() {
        let id = log.id()
        if count % 2 == 0 {
          log.request(pools[count % 3], time, Request(serverCode: 503, called: false, id: id))
        }
        log.request(pools[(count + 1) % 3], time + (count % 2 == 0 ? 0.02 : 0), Request(id: id))
      }
      return log
    },
    Situation("a caller goes past the border", finds: ["proxy_bypass"], cause: "none") {
      let log = SituationLog().even()
      let old = SituationLog.Pod(
        cluster: "south", name: "web-7c9d8f6b5x-zx2z4", ip: "10.11.3.99", namespace: "front")
      for host in log.hosts {
        let connection = log.connect(old, host, 0)
        for time in log.times(every: 3, to: SituationLog.length) { log.request(connection, time) }
      }
      return log
    },
  ]

  static let logs = [
    Situation("a caller's log is missing", finds: ["log_missing"], cause: nil) {
      let log = SituationLog()
      for number in 0..<6 {
        log.serve(log.callers[number % 3], log.hosts[number % 3], gap: 1, Request(called: number != 1))
      }
      return log
    },
    Situation("a host's log is missing", finds: ["log_missing"], cause: nil) {
      let log = SituationLog()
      for number in 0..<6 {
        log.serve(log.callers[number % 3], log.hosts[number % 3], gap: 1, Request(served: number % 3 != 1))
      }
      return log
    },
  ]
}
