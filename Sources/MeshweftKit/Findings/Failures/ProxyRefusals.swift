internal import AccessLog

/// Connections that a proxy took and could not pass on, by what they asked for: the other end of failed attempts.
struct ProxyRefusals {
  struct Refusal {
    /// Microseconds since the epoch.
    var start: Int64
    var end: Int64
    var kind: FindingKind
    var place: Int
  }

  /// By the host name that the SNI asks for; by start.
  private(set) var byHost: [String: [Refusal]] = [:]
  /// Proxies' lines of connections that were passed on, by the host name: their starts.
  private(set) var passedOn: [String: [Int64]] = [:]
  /// From when to when the proxies' logs have lines, microseconds since the epoch; nil without proxies.
  private(set) var covered: ClosedRange<Int64>?

  /// Around an attempt: clocks may differ, and a line's time is cut to milliseconds. Microseconds.
  private static let margin: Int64 = 2_000_000

  init(_ lines: FindingLines) {
    for place in lines.lines.indices {
      let set = lines.attributes(place)
      guard set.role == .proxy || set.role == .unknown && set.method == nil, let name = set.serverName else {
        continue
      }
      let line = lines.lines[place]
      if set.role == .proxy {
        covered =
          min(covered?.lowerBound ?? line.start, line.start)...max(covered?.upperBound ?? line.end, line.end)
      }
      let host = ProxyRefusals.host(name)
      if let kind = ProxyRefusals.kind(set) {
        byHost[host, default: []].append(Refusal(start: line.start, end: line.end, kind: kind, place: place))
      } else {
        passedOn[host, default: []].append(line.start)
      }
    }
  }

  private static func kind(_ set: FindingAttributes) -> FindingKind? {
    if set.flags.contains(.noHealthyUpstream) { return .noHealthyUpstream }
    if !set.flags.isDisjoint(with: [.noRouteFound, .noClusterFound]) { return .unknownSNI }
    return nil
  }

  /// `outbound_.80_.subset_.host` names the host `host`; any other SNI is a host name itself.
  static func host(_ serverName: String) -> String {
    guard serverName.hasPrefix("outbound_."), let last = serverName.range(ofLast: "_.") else {
      return serverName
    }
    return String(serverName[last...])
  }

  /// What a proxy says of attempts to reach a host between two times.
  func refusals(of host: String, from: Int64, to: Int64) -> [Refusal] {
    let all = byHost[host] ?? []
    var (low, high) = (0, all.count)
    while low < high {
      let middle = (low + high) / 2
      if all[middle].start < from - ProxyRefusals.margin { low = middle + 1 } else { high = middle }
    }
    return Array(all[low...].prefix { $0.start <= to + ProxyRefusals.margin })
  }

  /// Whether the proxies' logs cover a time, and have no connection that was asked for then.
  func sawNothing(of host: String, from: Int64, to: Int64) -> Bool {
    guard let covered, covered.contains(from) || covered.contains(to) else { return false }
    let starts = passedOn[host] ?? []
    let place = Shares.place(of: from - ProxyRefusals.margin, in: starts)
    return refusals(of: host, from: from, to: to).isEmpty
      && !(place < starts.count && starts[place] <= to + ProxyRefusals.margin)
  }
}

extension String {
  /// Where the text behind the last occurrence of a separator begins.
  fileprivate func range(ofLast separator: String) -> String.Index? {
    var found: String.Index?
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(separator) { found = self.index(index, offsetBy: separator.count) }
      index = self.index(after: index)
    }
    return found
  }
}
