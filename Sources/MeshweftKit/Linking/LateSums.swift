internal import AccessLog
internal import Correlation
internal import TraceStore

/// What the requests of a late carrier add up to, before its line came and with it.
struct LateSums {
  private let window: UnitWindow
  private let feed: HopFeed
  private let late: LateCarrier
  private let before, after: [LegRollup]
  /// Attempts that the carrier's proxy is known of now, those of the margins, too.
  private let attempts: [Attempt]

  /// nil where more changes than which proxy the requests went through.
  init?(_ late: LateCarrier, _ window: UnitWindow, _ found: LateRequests, _ feed: HopFeed) {
    self.late = late
    self.window = window
    self.feed = feed
    let without = LateSums.hops(of: found.requests.map { LateSums.seen($0, from: window) })
    let with = LateSums.hops(of: found.linked, and: late.carrier)
    attempts = LateSums.attempts(with)
    let unchanged = LateSums.attempts(without)
    guard attempts.count == unchanged.count,
      zip(unchanged, attempts).allSatisfy({ LateSums.onlyGains(late.carrier.pod, $0, $1) })
    else { return nil }
    before = LateSums.legs(window.unit, feed, without)
    after = LateSums.legs(window.unit, feed, with)
  }

  /// A connection without a carrier is one and the same, and so is what became of its carrier: the unit of a server hop
  /// says of its client hop what it says of that, whatever the client hop's own unit has stored.
  private static func seen(_ request: LateRequests.Request, from window: UnitWindow) -> LateRequests.Request {
    var request = request
    if window.owns(request.server) { request.clientLink?.setStatus(of: request.serverLink) }
    return request
  }

  private typealias Linked = (hops: [Hop], outcomes: [HopOutcome])

  private static func hops(of requests: [LateRequests.Request], and carrier: Hop? = nil) -> Linked {
    var hops = carrier.map { [$0] } ?? []
    var outcomes: [HopOutcome] = []
    for request in requests {
      hops.append(request.server)
      outcomes.append(request.serverLink.outcome)
      if let client = request.client, let link = request.clientLink {
        hops.append(client)
        outcomes.append(link.outcome)
      }
    }
    return (hops.sorted { $0.id < $1.id }, outcomes.sorted { $0.hop < $1.hop })
  }

  private static func attempts(_ linked: Linked) -> [Attempt] {
    var facts: [Attempt] = []
    Attempts(linked.hops, linked.outcomes, .ofProcess).forEach { fact in
      if fact.attempts > 0 { facts.append(fact) }
    }
    return facts
  }

  private static func legs(
    _ unit: ClosedRange<Int64>, _ feed: HopFeed, _ linked: Linked
  ) -> [LegRollup] {
    var rollups = RollupBuilder(unit, feed.loaded(linked.hops), linked.outcomes)
    return rollups.takeLegs()
  }

  /// Whether an attempt is counted as before in all but its proxy and how sure it is.
  private static func onlyGains(_ proxy: Int32, _ before: Attempt, _ after: Attempt) -> Bool {
    (before.start, before.busy, before.host, before.service) == (
      after.start, after.busy, after.host, after.service
    )
      && (before.clientPod, before.firstProxyPod, before.serverPod)
        == (after.clientPod, after.firstProxyPod, after.serverPod)
      && before.proxyPod < 0 && after.proxyPod == proxy
  }

  /// - Returns: whether the rollups could be changed row by row: nothing but these requests is in the rows that go.
  func add(
    to change: inout LateChange, _ rows: LateRows, _ rollups: StoredRollups
  ) throws -> Bool {
    for leg in before {
      guard try rollups.leg(leg.bucket, leg.group) == leg else { return false }
    }
    change.dropped = before
    for leg in after {
      let stored = try rollups.leg(leg.bucket, leg.group)
      if let stored, !before.contains(where: { $0.bucket == leg.bucket && $0.group == leg.group }) {
        change.legs.append(leg.adding(stored))
      } else {
        change.legs.append(leg)
      }
    }
    guard let peaks = try peaks(rows, rollups) else { return false }
    change.peaks = peaks
    return true
  }

  /// The proxy's own peaks, where they rise; nil where it is not sure what else it had in flight.
  ///
  /// More in flight is only while the added attempts are: what was in flight beside these tells the peak then, and
  /// that of all other times is stored.
  private func peaks(_ rows: LateRows, _ rollups: StoredRollups) throws -> [LegPeak]? {
    let unit = window.unit
    let added = attempts.filter { $0.start <= unit.upperBound && $0.start + $0.busy >= unit.lowerBound }
    guard let first = added.map(\.start).min(), let last = added.map({ $0.start + $0.busy }).max() else {
      return []
    }
    guard added.allSatisfy({ $0.service >= 0 }), let others = try beside(first...last, rows) else {
      return nil
    }
    let names = feed.loaded([])
    var peaks: [LegPeak] = []
    for service in Set(added.map(\.service)).sorted() {
      var inFlight = InFlight(unit, bucketMicroseconds: RollupBuilder.bucketMicroseconds)
      var fact = Attempt(start: 0, busy: 0, service: service)
      fact.proxyPod = late.carrier.pod
      inFlight.add(names.group(of: fact))
      for fact in added + others where fact.service == service { inFlight.add(fact, group: 0) }
      for peak in inFlight.peaks where peak.series == .proxy {
        if try rollups.inFlight(peak) ?? 0 < peak.inFlight { peaks.append(peak) }
      }
    }
    return peaks
  }

  /// The attempts that went through the same proxy's other connections while any of these were in flight; nil where seen
  /// from this unit something may look different from what is stored.
  private func beside(_ time: ClosedRange<Int64>, _ rows: LateRows) throws -> [Attempt]? {
    var facts: [Attempt] = []
    for link in rows.linked {
      guard let key = link.carrier, let carrier = rows.carriers[key] else { return nil }
      guard carrier.pod == late.carrier.pod else { continue }
      // Only a client's carrier is told by a request id: its attempt is counted with its server hop.
      let isClient = link.carrierEvidence.contains(.requestID)
      if isClient && !rows.mayBeBefore(link.hop) { continue }
      guard let hop = try feed.brief(ofKey: link.hop) else { return nil }
      guard window.contains(hop), hop.start <= min(time.upperBound, window.unit.upperBound),
        hop.end >= max(time.lowerBound, window.unit.lowerBound)
      else { continue }
      let isBefore = hop.start < window.unit.lowerBound
      if isBefore && !window.contains(carrier) { return nil }
      if isClient {
        if try isBefore && !hasAnswer(hop, rows) { return nil }
      } else if hop.role == .server, hop.service >= 0 {
        facts.append(Attempt(start: hop.start, busy: max(0, hop.duration), service: hop.service))
      } else {
        return nil
      }
    }
    return facts
  }

  private func hasAnswer(_ client: Hop, _ rows: LateRows) throws -> Bool {
    guard let key = rows.answers[client.id], let answer = try feed.brief(ofKey: key) else { return false }
    return answer.role == .server && window.contains(answer)
  }
}
