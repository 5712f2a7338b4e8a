import TestSupport

@testable import MeshweftKit

/// Logs that end: with their pods, or before.
extension Situation {
  private typealias Request = SituationLog.Request

  private static func pod(_ name: String, _ ip: String, _ namespace: String = "front") -> SituationLog.Pod {
    SituationLog.Pod(cluster: "south", name: name, ip: ip, namespace: namespace)
  }

  private static let other = "stock.shop.svc.cluster.local"

  static let endings = [
    Situation("a Job of a CronJob ends", cause: "none") {
      let log = SituationLog().even()
      // 29 630 000 minutes after 1970 is the day of the logs.
      for host in log.hosts { log.serve(pod("report-29630000-x7k2p", "10.11.4.1"), host, gap: 1, to: 100) }
      return log
    },
    Situation("a Job ends, and nobody logs whom it calls", finds: ["log_missing"]) {
      let log = SituationLog(hostCluster: "south")
      let hosts = log.hosts
      for (caller, end) in [
        (pod("migrate-x7k2p", "10.11.4.1"), 80.0), (pod("web-7c9d8f6b5x-bx2z4", "10.11.0.20"), 300),
      ] {
        for host in hosts {
          let connection = log.connect(caller, host, 0)
          for time in log.times(every: 1, to: end) {
            log.request(connection, time, Request(served: false))
          }
        }
      }
      return log
    },
    Situation("callers are replaced, and nobody logs whom they call", finds: ["log_missing"]) {
      let log = SituationLog(hostCluster: "south")
      for number in 0..<3 {
        let change = 90 + 30 * Double(number)
        let old = pod("web-7c9d8f6b5x-\("bcd".dropFirst(number).prefix(1))x2z4", "10.11.0.\(20 + number)")
        let new = pod("web-5f6d7c8b9z-\("bcd".dropFirst(number).prefix(1))x2z4", "10.11.0.\(40 + number)")
        for host in log.hosts {
          let (before, after) = (log.connect(old, host, 0), log.connect(new, host, change + 1))
          for time in log.times(every: 1, to: change) { log.request(before, time, Request(served: false)) }
          for time in log.times(every: 1, from: change + 1, to: 300) {
            log.request(after, time, Request(served: false))
          }
        }
      }
      return log
    },
    Situation("a caller that works once in a while", finds: [], cause: "none") {
      let log = SituationLog().even()
      for begin in [10.0, 110] {
        for host in log.hosts {
          log.serve(pod("batch-7c9d8f6b5x-bx2z4", "10.11.4.1"), host, gap: 0.3, from: begin, to: begin + 10)
        }
      }
      return log
    },
    Situation("callers go over to another service", finds: ["log_missing"]) {
      let log = SituationLog(hostCluster: "south")
      for (number, time) in log.times(every: 0.05, to: SituationLog.length).enumerated() {
        let (caller, host) = (log.callers[number % 4], log.hosts[number / 4 % 3])
        if time < 150 {
          log.request(log.connect(caller, host, time), time)
        } else if number % 3 == 0 {
          log.fail(caller, time, 0.01, flags: "-", code: 200, service: other, upstream: "10.12.9.9:8080")
        }
      }
      return log
    },
    Situation("a host's log is cut", finds: ["silent_source"], allowed: ["log_missing"]) {
      var turn = 0
      return SituationLog(hostCluster: "south").direct { log, _, time in
        turn += 1
        return (log.hosts[turn % 3], 0.01, Request(served: turn % 3 != 0 || time < 150))
      }
    },
    Situation("a caller's log is cut", finds: ["silent_source"], allowed: ["log_missing"]) {
      let log = SituationLog()
      for (number, host) in (log.hosts + log.hosts).enumerated() {
        let connection = log.connect(log.callers[number % 4], host, 0, through: log.proxies[0])
        for time in log.times(every: 1, from: 0.1, to: SituationLog.length) {
          log.request(connection, time, Request(called: number % 4 != 1 || time < 150))
        }
        log.close(connection, at: 300.5)
      }
      return log
    },
  ]
}
