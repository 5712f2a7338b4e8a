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
  /// Connections without which nothing is measured.
  private static let fewestConnections = 4
  /// Microseconds by which a place may differ from the clocks' difference: what a handshake takes.
  private static let uncertainty = 15_000.0
  /// Peaks tried, of each correlogram.
  private static let peaks = 8
  /// Nats by which the best difference has to beat any other that is `apart` microseconds from it.
  private static let significance = 10.0
  private static let apart: Int64 = 100_000
  /// Differences on either side that the best one is compared with, and microseconds between them: no round number, for
  /// calls are often made at round ones.
  private static let comparisons = 12
  private static let comparisonStep: Int64 = 370_370
  /// Carriers that one client connection is compared with.
  private static let partnerLimit = 256

  func estimate() -> PairClock? {
    let windows = windows()
    guard let span = carriers.span(ofCluster: meshCluster), windows.count >= AnchorSearch.fewest else {
      return nil
    }
    let search = AnchorSearch(
      times: windows.map { runs[($0.lowerBound + $0.upperBound) / 2].firstStart },
      measure: { place(runs[windows[$0]], center: $1, reach: $2) },
      covers: { window, offset in
        let first = runs[windows[window].lowerBound].firstStart + offset
        return span.overlaps(first...max(first, runs[windows[window].upperBound - 1].firstStart + offset))
      })
    guard let line = search.line() else { return nil }
    var clock = PairClock()
    clock.drift = drift(line.points)
    clock.offset = ClockFit.median(line.points.map { $0.offset - clock.drift * $0.seconds })
    clock.reference = line.reference
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

  /// Parts of the log that are measured each by itself.
  private func windows() -> [Range<Int>] {
    let sizes = CarrierClock.windowSizes
    let count = min(CarrierClock.windows, max(AnchorSearch.fewest, runs.count / sizes.lowerBound))
    return (0..<count).map { part in
      let low = part * runs.count / count
      let high = (part + 1) * runs.count / count
      let size = min(sizes.upperBound, high - low)
      let first = (low + high - size) / 2
      return first..<first + size
    }.filter { $0.count >= CarrierClock.fewestConnections }
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
    guard lead >= CarrierClock.significance, standsOut(best, window) else { return nil }
    return sharpened(best.place, window)
  }

  /// Whether connections find their carriers here as they do at no other difference around: what chance gives is seen there.
  private func standsOut(_ best: (place: Int64, score: Double), _ window: ArraySlice<ClientRun>) -> Bool {
    (1...CarrierClock.comparisons).allSatisfy { number in
      let away = CarrierClock.apart + Int64(number) * CarrierClock.comparisonStep
      return [best.place - away, best.place + away].allSatisfy { other in
        best.score - window.reduce(0) { $0 + fit($1, skew: other) } >= CarrierClock.significance
      }
    }
  }

  /// The clock difference `place` to a millisecond or two, in microseconds: where beginnings or ends are densest, so that
  /// delays are small numbers.
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
