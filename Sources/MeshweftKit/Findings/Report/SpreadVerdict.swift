/// Why a service's hosts get uneven shares: one cause, or none that the logs show.
struct SpreadVerdict {
  enum Verdict: String { case imbalanced, balanced, unevenWork = "uneven_work", tooFew = "too_few", unknown }

  var verdict: Verdict
  /// The finding that is the cause; nil where there is nothing to explain.
  var cause: Finding?
  var shares: Shares
  /// When each host was a member.
  private let lives: [AttemptHost.Name: ClosedRange<Int64>]

  /// When the host was a member that a pod was at an address; nil where there is none.
  func life(of host: ServiceSpread.Host) -> ClosedRange<Int64>? {
    lives[.init(address: host.host, meshCluster: host.meshCluster, pod: host.pod)]
      ?? lives[.init(address: host.host, meshCluster: host.meshCluster, pod: "")]
      ?? lives[.init(address: host.host, meshCluster: "", pod: "")]
  }

  init(_ spread: SpreadCase) {
    shares = spread.shares
    lives = Dictionary(
      zip(spread.all.hosts.map(\.name), spread.shares.lives), uniquingKeysWith: { left, _ in left })
    // Neither server nor proxy logs, and all that callers know is a border's address.
    let hidden = !spread.all.hasServers && !spread.all.hasProxies && spread.all.hosts.isEmpty
    if hidden {
      verdict = .unknown
    } else if spread.shares.isUneven {
      verdict = .imbalanced
      cause = SpreadVerdict.cause(of: spread)
    } else if spread.all.isTCP, let work = UnevenWork.find(spread) {
      cause = work
      verdict = .unevenWork
    } else if !spread.shares.couldTell {
      verdict = .tooFew
    } else {
      cause = UnevenWork.find(spread) ?? SlowHost.find(spread).first
      verdict = cause == nil ? .balanced : .unevenWork
    }
  }

  /// The order decides: what shows in failures and in callers' choices explains more than what connections show, since
  /// any of it makes connections uneven, too.
  private static let causes: [(FindingKind, @Sendable (SpreadCase) -> Finding?)] = [
    (.fewConnections, FewConnections.single), (.outlierEjection, OutlierEjection.find),
    (.failover, Failover.find),
    (.locality, Locality.find), (.stickyKey, StickyKey.find), (.adaptiveBalancing, AdaptiveBalancing.find),
    (.weightedSubsets, WeightedSubsets.find), (.proxyShare, ProxyShare.find),
    (.lostConnections, LostConnections.find), (.lateHost, LateHost.find),
    (.fewConnections, FewConnections.find),
    (.connectionPinning, ConnectionPinning.find), (.surge, { Surge.find($0).first }),
  ]

  private static func cause(of spread: SpreadCase) -> Finding {
    for (_, find) in causes {
      if let finding = find(spread) { return finding }
    }
    return Unexplained.finding(spread)
  }
}
