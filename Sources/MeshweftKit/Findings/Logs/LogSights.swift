/// What others' lines say of the time after each of some logs' ends: whether the pod went on.
struct LogSights {
  enum Sight: Equatable {
    /// So many requests that it should have lines of.
    case goesOn(Int)
    /// Others would have seen it, and did not.
    case ended
    /// Nobody could have seen it.
    case unknown
  }

  /// Clocks may differ, and a request's lines are apart by the time that it takes. Microseconds.
  private static let margin: Int64 = 5_000_000
  /// A caller that had ceased to call a service so long before its log's end tells nothing by calling no more; one whose log goes on
  /// for so long behind a host's end calls others instead. Microseconds.
  private static let stillCalled: Int64 = 60_000_000

  /// By source: microseconds since the epoch.
  private let ends: [Int: Int64]
  /// Ends of all logs.
  private let allEnds: [Int: Int64]
  private var seen: [Int: Int] = [:]
  private var couldBeSeen: Set<Int> = []

  /// `ends` are those of the logs that are asked about, `allEnds` of all, by source.
  init(_ services: [SpreadCase], ends: [Int: Int64], allEnds: [Int: Int64]) {
    self.ends = ends.mapValues { $0 + LogSights.margin }
    self.allEnds = allEnds
    for spread in services {
      let attempts = spread.all.attempts
      addHosts(spread, told: attempts.filter { $0.clientLine >= 0 }.map(\.start))
      addCallers(spread)
      addProxies(attempts.filter(\.crossedBorder))
    }
  }

  func sight(of source: Int) -> Sight {
    let seen = seen[source] ?? 0
    if Double(seen) > FindingLimits.silence { return .goesOn(seen) }
    return couldBeSeen.contains(source) ? .ended : .unknown
  }

  private mutating func add(_ source: Int, _ own: Int, of all: Int) {
    seen[source, default: 0] += own
    if own > 0 || Double(all) > FindingLimits.silence { couldBeSeen.insert(source) }
  }

  /// How many are after a time, of ascending ones.
  private static func count(_ starts: [Int64], after time: Int64) -> Int {
    starts.count - Shares.place(of: time + 1, in: starts)
  }

  /// Callers and gateways name the address at which requests arrive. `told`: starts of requests that a caller's line tells of.
  private mutating func addHosts(_ spread: SpreadCase, told: [Int64]) {
    var unlogged: [Int: Int] = [:]
    for host in spread.all.hosts where ends[host.source] != nil { unlogged[host.source] = 0 }
    guard !unlogged.isEmpty else { return }
    for attempt in spread.all.attempts where attempt.serverLine < 0 {
      let source = spread.all.hosts[Int(attempt.host)].source
      if let end = ends[source], attempt.start > end { unlogged[source, default: 0] += 1 }
    }
    // Requests of which nobody knows where they arrived may be its own.
    let isTold = Double(spread.all.unplaced) <= LogSights.unplaced * Double(spread.all.attempts.count)
    let callers = Set(spread.all.attempts.lazy.filter { $0.client >= 0 }.map { Int($0.client) })
    for (source, own) in unlogged {
      guard let end = ends[source] else { continue }
      add(source, own, of: isTold ? LogSights.count(told, after: end) : 0)
      // Callers that go on and call others would have logged a request to it.
      let going = callers.count { allEnds[$0, default: .min] > end + LogSights.stillCalled }
      if isTold, going * 2 > callers.count { couldBeSeen.insert(source) }
    }
  }

  /// Part of a service's requests.
  private static let unplaced = 0.1

  /// Requests that came to hosts from nobody whose log is here, where there were hardly any before.
  private mutating func addCallers(_ spread: SpreadCase) {
    var callers: [Int: (last: Int64, address: Int64)] = [:]
    var unclaimed: [Int64: [Int64]] = [:]
    var (all, allUnclaimed) = ([Int64](), [Int64]())
    for attempt in spread.all.attempts where attempt.serverLine >= 0 {
      let remote = spread.lines.lines[Int(attempt.serverLine)].downstreamRemote
      let address = attempt.isDirect && remote > 0 ? remote >> 16 : 0
      all.append(attempt.start)
      if attempt.clientLine < 0 {
        allUnclaimed.append(attempt.start)
        unclaimed[remote > 0 ? remote >> 16 : 0, default: []].append(attempt.start)
      } else if ends[Int(attempt.client)] != nil {
        callers[Int(attempt.client)] = (attempt.start, address)
      }
    }
    for (source, caller) in callers {
      guard let end = ends[source], caller.last + LogSights.stillCalled > end else { continue }
      let starts = caller.address == 0 ? allUnclaimed : unclaimed[caller.address] ?? []
      let after = LogSights.count(starts, after: end)
      let window = spread.shares.window
      let part = Double(max(0, window.upperBound - end)) / Double(max(1, end - window.lowerBound))
      let usual = Double(starts.count - after) * part
      let isMore = Double(after) > usual + 4 * usual.squareRoot() + FindingLimits.silence
      add(source, isMore ? after : 0, of: LogSights.count(all, after: end))
    }
  }

  /// Requests over the border on connections that no proxy has logged.
  private mutating func addProxies(_ crossing: [FindingAttempt]) {
    let proxies = Set(crossing.lazy.map { Int($0.proxy) }.filter { [ends] in ends[$0] != nil })
    guard !proxies.isEmpty else { return }
    let all = crossing.map(\.start)
    let unlogged = crossing.filter { $0.proxy < 0 }.map(\.start)
    for source in proxies {
      guard let end = ends[source] else { continue }
      add(source, LogSights.count(unlogged, after: end), of: LogSights.count(all, after: end))
    }
  }
}
