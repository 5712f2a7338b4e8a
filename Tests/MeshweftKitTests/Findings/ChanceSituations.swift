import TestSupport

@testable import MeshweftKit

/// What chance does in meshes that are uneven for another reason: kinds that look for a pattern must not see theirs.
extension Situation {
  private typealias Request = SituationLog.Request

  static let chance = [
    Situation(
      "a host of lower weight fails, and is never left out", finds: ["server_errors", "unexplained"],
      cause: "unexplained"
    ) {
      SituationLog(callers: 3, hostCluster: "south").direct { log, _, _ in
        let draw = Int.random(in: 0..<20, using: &log.random)
        let host = draw < 9 ? 0 : draw < 18 ? 1 : 2
        return (log.hosts[host], 0.01, Request(code: host == 2 ? 503 : 200))
      }
    },
    Situation(
      "callers with paths and hosts of their own", finds: ["locality"], cause: "locality"
    ) {
      SituationLog(callers: 3, hostCluster: "south").direct { log, caller, _ in
        let place = log.callers.firstIndex { $0.name == caller.name } ?? 0
        let strays = place == 2 && Int.random(in: 0..<3, using: &log.random) == 0
        let host = strays ? 1 : place == 1 ? 0 : place
        return (log.hosts[host], 0.01, Request(path: "/of/" + ["a", "b", "c"][place] + (strays ? "/d" : "")))
      }
    },
    Situation(
      "a new host gets the busiest connection and keeps it", finds: ["connection_pinning"],
      cause: "connection_pinning"
    ) {
      let log = SituationLog(hosts: 4)
      for turn in 0..<4 { for host in log.hosts.prefix(3) { log.serve(log.callers[turn], host, gap: 2) } }
      for turn in 0..<4 { log.serve(log.callers[turn], log.hosts[3], gap: turn == 0 ? 0.1 : 2, from: 120) }
      return log
    },
    Situation(
      "short connections of which a host gets few for a while", finds: ["few_connections"],
      cause: "few_connections"
    ) {
      let log = SituationLog(hosts: 3)
      log.serve(log.callers[0], log.hosts[0], gap: 0.2)
      for number in 0..<140 {
        let begin = 2 * Double(number)
        let host = begin > 150 && number % 3 == 1 ? (number % 2) * 2 : number % 3
        log.serve(log.callers[number % 4], log.hosts[host], gap: 0.5, from: begin, to: min(300, begin + 12))
      }
      return log
    },
    Situation("one request of a path is very slow", cause: "none") {
      let log = SituationLog().even(perHost: 4, gap: 1)
      for (place, host) in log.hosts.enumerated() {
        let connection = log.connect(log.callers[0], host, 0.5, through: log.proxies[0])
        for (count, time) in log.times(every: place == 0 ? 4 : 30, from: 1, to: SituationLog.length)
          .enumerated()
        {
          log.request(
            connection, time, work: place == 0 && count == 7 ? 60 : 0.01, Request(path: "/search"))
        }
        log.close(connection, at: SituationLog.length + 70)
      }
      return log
    },
  ]
}
