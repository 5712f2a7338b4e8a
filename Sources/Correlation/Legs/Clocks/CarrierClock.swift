internal import AccessLog

/// Finds how far the clocks of clients and proxies are apart where no server line tells: from when connections begin
/// and end at both.
///
/// Differences of beginnings and of ends between all connections and carriers that could be one have peaks; the peak under
/// which most connections find a carrier that fits wins (`CarrierWindow`). Where there are many connections, parts of the log
/// are measured each by itself and have to agree. Few are measured all together, those that the second mesh cluster's clients
/// have with the first one's proxies, too: one difference has to explain both.
struct CarrierClock {
  /// Client connections of the first mesh cluster, in order of their first start.
  let runs: [ClientRun]
  /// Those of the other one, whose carriers the first one's proxies logged; may be none.
  let reverse: [ClientRun]
  let table: HopTable
  let carriers: CarrierIndex
  let client: Int32
  let server: Int32

  /// Parts of the log along which the drift is fitted, and connections in each at least and at most.
  private static let windows = 9
  private static let windowSizes = 32...400
  /// Connections without which nothing is measured.
  private static let fewestConnections = 4
  /// Connections up to which all are measured together.
  private static let few = 160
  /// Microseconds by which a place may differ from the clocks' difference: what a handshake takes.
  private static let uncertainty = 15_000.0
  /// Nats by which the best difference has to beat any other that is `apart` microseconds from it, where another part of the
  /// log bears it out.
  private static let significance = 10.0
  private static let apart: Int64 = 100_000
  /// Nats by which it has to where no other part does, and for each connection: of carriers that are not theirs, that many connections find ones that
  /// fit at some difference by chance.
  private static let aloneSignificance = 18.0
  private static let aloneOfEach = 1.0
  /// Differences on either side that the best one is compared with, and microseconds between them: no round number, for
  /// calls are often made at round ones.
  private static let comparisons = 12
  private static let comparisonStep: Int64 = 370_370

  func estimate() -> PairClock? {
    let line = (runs.count + reverse.count <= CarrierClock.few ? together() : nil) ?? search().line()
    guard let line else { return nil }
    var clock = PairClock()
    clock.drift = drift(line.points)
    clock.offset = ClockFit.median(line.points.map { $0.offset - clock.drift * $0.seconds })
    clock.reference = line.reference
    clock.halfRoundTrip = CarrierClock.uncertainty
    clock.samples = runs.count
    return clock
  }

  /// Of all connections together: the difference, and what parts of the log that can be measured near it say about drift.
  private func together() -> AnchorSearch.Line? {
    let count = runs.count + reverse.count
    if count < CarrierClock.fewestConnections { return nil }
    let enough = max(CarrierClock.aloneSignificance, CarrierClock.aloneOfEach * Double(count))
    guard let anchor = place(runs[...], reverse, center: 0, reach: RequestIDJoin.maximumSkew, enough)
    else { return nil }
    return search().line(through: anchor, at: runs[runs.count / 2].firstStart)
  }

  private func search() -> AnchorSearch {
    let windows = windows()
    let span = carriers.span(ofCluster: server)
    return AnchorSearch(
      times: windows.map { runs[($0.lowerBound + $0.upperBound) / 2].firstStart },
      measure: { place(runs[windows[$0]], [], center: $1, reach: $2, CarrierClock.significance) },
      covers: { window, offset in
        let first = runs[windows[window].lowerBound].firstStart + offset
        let last = max(first, runs[windows[window].upperBound - 1].firstStart + offset)
        return span?.overlaps(first...last) ?? false
      })
  }

  /// Parts per million, where that makes more of a difference than the places are uncertain.
  private func drift(_ points: [(seconds: Double, offset: Double)]) -> Double {
    guard let first = points.first, let last = points.last else { return 0 }
    let span = last.seconds - first.seconds
    let slope = ClockFit.slope(points, apart: max(60, span / 3))
    return abs(slope) * span < 2 * CarrierClock.uncertainty ? 0 : slope
  }

  /// Parts of the log that are measured each by itself; none where there are fewer than have to agree.
  private func windows() -> [Range<Int>] {
    let sizes = CarrierClock.windowSizes
    let count = min(CarrierClock.windows, max(AnchorSearch.fewest, runs.count / sizes.lowerBound))
    let windows = (0..<count).map { part in
      let low = part * runs.count / count
      let high = (part + 1) * runs.count / count
      let size = min(sizes.upperBound, high - low)
      let first = (low + high - size) / 2
      return first..<first + size
    }.filter { $0.count >= CarrierClock.fewestConnections }
    return windows.count < AnchorSearch.fewest ? [] : windows
  }

  /// The difference under which these connections find carriers that fit best; nil where none stands out by `enough` nats.
  private func place(
    _ runs: ArraySlice<ClientRun>, _ reverse: [ClientRun], center: Int64, reach: Int64, _ enough: Double
  ) -> Int64? {
    let there = window(runs, of: server)
    let back = reverse.isEmpty ? nil : window(reverse[...], of: client)
    let peaks = there.peaks(center: center, reach: reach)
    let backPeaks = back?.peaks(center: -center, reach: reach) ?? (starts: [], ends: [])
    func score(_ place: Int64) -> Double {
      there.fit(place, ends: peaks.ends) + (back?.fit(-place, ends: backPeaks.ends) ?? 0)
    }
    let places = peaks.starts + peaks.ends + (backPeaks.starts + backPeaks.ends).map { -$0 } + [center]
    var found = Set(places).map { (place: $0, score: score($0)) }
    found.sort { ($1.score, $0.place) < ($0.score, $1.place) }
    guard let best = found.first else { return nil }
    let second = found.first { abs($0.place - best.place) > CarrierClock.apart }
    // Where connections do not find carriers, none stands out from a difference at which nothing is.
    let nothing = there.nothing + (back?.nothing ?? 0)
    let lead = best.score - max(second?.score ?? nothing, nothing)
    guard lead >= enough, standsOut(best, enough, score) else { return nil }
    return sharpened(best.place, there, back)
  }

  private func window(_ runs: ArraySlice<ClientRun>, of cluster: Int32) -> CarrierWindow {
    CarrierWindow(runs: runs, table: table, carriers: carriers, meshCluster: cluster)
  }

  /// Whether connections find their carriers here as they do at no other difference around: what chance gives is seen there.
  private func standsOut(
    _ best: (place: Int64, score: Double), _ enough: Double, _ score: (Int64) -> Double
  ) -> Bool {
    (1...CarrierClock.comparisons).allSatisfy { number in
      let away = CarrierClock.apart + Int64(number) * CarrierClock.comparisonStep
      return [best.place - away, best.place + away].allSatisfy { best.score - score($0) >= enough }
    }
  }

  /// The clock difference `place` to a millisecond or two, in microseconds: where beginnings or ends are densest, so that
  /// delays are small numbers.
  private func sharpened(_ place: Int64, _ there: CarrierWindow, _ back: CarrierWindow?) -> Int64 {
    var best: (place: Int64, excess: Double)?
    for window in there.densest(place, reach: CarrierClock.apart)
    where window.excess > best?.excess ?? 0 { best = (window.place, window.excess) }
    for window in back?.densest(-place, reach: CarrierClock.apart) ?? []
    where window.excess > best?.excess ?? 0 { best = (-window.place, window.excess) }
    return best?.place ?? place
  }
}
