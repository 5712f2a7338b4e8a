internal import AccessLog

/// Finds how far the clocks of clients and proxies are apart where no server line tells: from when connections begin
/// and end at both.
///
/// A connection's first request begins when the proxy accepts it, or some time later; its last response comes just
/// before its end, or an idle timeout earlier. Differences of beginnings and of ends between all connections and
/// carriers that could be one have peaks; the peak under which most connections find a carrier that fits wins.
struct CarrierClock {
  /// Client connections of one mesh cluster, in order of their first start.
  let runs: [ClientRun]
  let table: HopTable
  let carriers: CarrierIndex
  /// The mesh cluster whose proxies are looked at.
  let meshCluster: Int32

  /// Parts of the log along which the drift is fitted, and connections in each at least and at most.
  private static let windows = 9
  private static let windowSizes = 32...400
  /// Microseconds by which a place may differ from the clocks' difference: what a handshake takes.
  private static let uncertainty = 15_000.0
  /// Peaks tried, of each correlogram.
  private static let peaks = 8
  /// Nats by which the best difference has to beat any other that is `apart` microseconds from it.
  private static let significance = 10.0
  private static let apart: Int64 = 100_000
  /// Carriers that one client connection is compared with.
  private static let partnerLimit = 256

  func estimate() -> PairClock? {
    let middle = window(around: runs.count / 2)
    guard let anchor = place(middle, center: 0, reach: RequestIDJoin.maximumSkew) else { return nil }
    let reference = runs[runs.count / 2].firstStart
    var points: [(seconds: Double, offset: Double)] = [(0, Double(anchor))]
    for part in 0..<CarrierClock.windows where part != CarrierClock.windows / 2 {
      let at = (2 * part + 1) * runs.count / (2 * CarrierClock.windows)
      let seconds = Double(runs[at].firstStart - reference) / 1e6
      let reach = 150_000 + Int64(abs(seconds) * ClockFit.driftLimit)
      if let found = place(window(around: at), center: anchor, reach: reach) {
        points.append((seconds, Double(found)))
      }
    }
    var clock = PairClock()
    clock.drift = drift(points.sorted { $0 < $1 })
    clock.offset = ClockFit.median(points.map { $0.offset - clock.drift * $0.seconds })
    clock.reference = reference
    clock.halfRoundTrip = CarrierClock.uncertainty
    clock.samples = runs.count
    return clock
  }

  /// Parts per million, where that makes more of a difference than the places are uncertain.
  private func drift(_ points: [(seconds: Double, offset: Double)]) -> Double {
    guard let first = points.first, let last = points.last else { return 0 }
    let span = last.seconds - first.seconds
    let slope = ClockFit.slope(points, apart: max(60, span / 3))
    return abs(slope) * span < 2 * CarrierClock.uncertainty ? 0 : slope
  }

  private func window(around place: Int) -> ArraySlice<ClientRun> {
    let sizes = CarrierClock.windowSizes
    let size = min(sizes.upperBound, max(sizes.lowerBound, runs.count / CarrierClock.windows))
    let low = max(0, min(runs.count - size, place - size / 2))
    return runs[low..<min(runs.count, low + size)]
  }

  /// The difference under which these connections find carriers that fit best; nil where none stands out.
  private func place(_ window: ArraySlice<ClientRun>, center: Int64, reach: Int64) -> Int64? {
    var found = (candidates(window, center: center, reach: reach) + [center]).map { place in
      (place: place, score: window.reduce(0) { $0 + fit($1, skew: place) })
    }
    found.sort { ($1.score, $0.place) < ($0.score, $1.place) }
    guard let best = found.first else { return nil }
    let second = found.first { abs($0.place - best.place) > CarrierClock.apart }
    // Where connections do not find carriers, none stands out from a difference at which nothing is.
    let nothing = Double(window.count) * Logarithm.natural(CarrierClock.lost)
    let lead = best.score - max(second?.score ?? nothing, nothing)
    return lead < CarrierClock.significance ? nil : sharpened(best.place, window)
  }

  /// The same to a millisecond or two: where beginnings or ends are densest, so that delays are small numbers.
  private func sharpened(_ place: Int64, _ window: ArraySlice<ClientRun>) -> Int64 {
    var starts = Correlogram(center: place, reach: CarrierClock.apart)
    var ends = starts
    for run in window {
      let partners = alive(run, from: run.lastEnd + place, to: run.firstStart + place + CarrierTime.slack)
      starts.add(start: run.firstStart, partners: partners.map(\.start)[...])
      ends.add(start: run.lastEnd, partners: partners.map(\.end)[...])
    }
    let best = [starts.densest(), ends.densest()].compactMap { $0 }.max { $0.excess < $1.excess }
    return best?.place ?? place
  }

  /// Differences of beginnings and of ends that many pairs of connections and carriers agree on.
  private func candidates(_ window: ArraySlice<ClientRun>, center: Int64, reach: Int64) -> [Int64] {
    var starts = Correlogram(center: center, reach: reach)
    var ends = starts
    for run in window {
      let partners = alive(run, from: run.lastEnd + center - reach, to: run.firstStart + center + reach)
      starts.add(start: run.firstStart, partners: partners.map(\.start)[...])
      ends.add(start: run.lastEnd, partners: partners.map(\.end)[...])
    }
    return starts.peaks(CarrierClock.peaks) + ends.peaks(CarrierClock.peaks)
  }

  private func alive(_ run: ClientRun, from: Int64, to: Int64) -> [Hop] {
    carriers.alive(run.service, from: from, to: to, limit: CarrierClock.partnerLimit) {
      $0.meshCluster == meshCluster && $0.latestEnd - $0.start >= run.lastEnd - run.firstEnd
    }
    .map { table[carriers.carriers[$0]] }
  }

  /// The share of connections whose carrier's line is not there.
  private static let lost = 1e-6

  /// The log likelihood of a connection's times when the proxy's clock is ahead by `skew`.
  private func fit(_ run: ClientRun, skew: Int64) -> Double {
    var sum = CarrierClock.lost
    for carrier in alive(run, from: run.lastEnd + skew, to: run.firstStart + skew + CarrierTime.slack) {
      let first = Double(run.firstStart + skew - carrier.start) / 1e6
      let last = Double(carrier.end - run.lastEnd - skew) / 1e6
      sum += CarrierClock.density(first, slack: 0.06) * CarrierClock.density(last, slack: 0.03)
    }
    return Logarithm.natural(sum)
  }

  /// Half of all connections are used at once, or closed at once; the others some time later, of any order of
  /// magnitude up to an hour. Per second, of seconds.
  private static func density(_ gap: Double, slack: Double) -> Double {
    if gap < -slack { return 0 }
    let late = 0.5 / (max(slack, gap) * 11)
    return gap < slack ? 0.25 / slack + late : late
  }
}
