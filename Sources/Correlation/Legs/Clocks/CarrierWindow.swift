internal import AccessLog

/// Client connections of one mesh cluster beside the carriers that another one's proxies logged: how well they fit if the
/// proxies' clock is ahead by so much.
///
/// What lies between a carrier's start and its first request is short for many, and any time for the others. What lies between
/// the last response and its end is short for some, any time for some, and the same for all that ended because nobody called any
/// more: an idle timeout. Without that third kind a clock that is wrong by the timeout fits as well as the right one.
struct CarrierWindow {
  let runs: ArraySlice<ClientRun>
  let table: HopTable
  let carriers: CarrierIndex
  /// The mesh cluster whose proxies are looked at.
  let meshCluster: Int32

  /// Carriers that one client connection is compared with.
  private static let partnerLimit = 256
  /// Peaks tried, of each correlogram.
  private static let peaks = 8
  /// The share of connections whose carrier's line is not there.
  private static let lost = 1e-6
  /// Seconds around an idle timeout in which connections end by it.
  private static let timeoutWidth = 0.03
  /// Nats that a timeout must bring to be believed: it may be any of very many.
  private static let timeoutPrice = 7.0
  /// Seconds from which a time after the last response may be a timeout.
  private static let shortestTimeout = 0.2

  /// The log likelihood where no connection finds a carrier.
  var nothing: Double { Double(runs.count) * Logarithm.natural(CarrierWindow.lost) }

  /// Differences of beginnings and of ends that many pairs of connections and carriers agree on.
  func peaks(center: Int64, reach: Int64) -> (starts: [Int64], ends: [Int64]) {
    let found = correlograms(center: center, reach: reach) { run in
      alive(run, from: run.lastEnd + center - reach, to: run.firstStart + center + reach)
    }
    return (found.starts.peaks(CarrierWindow.peaks), found.ends.peaks(CarrierWindow.peaks))
  }

  /// Where beginnings, and where ends, are densest within `reach` of a difference at which connections find carriers.
  func densest(_ place: Int64, reach: Int64) -> [Correlogram.Window] {
    let found = correlograms(center: place, reach: reach) { run in
      alive(run, from: run.lastEnd + place, to: run.firstStart + place + CarrierTime.slack)
    }
    return [found.starts.densest(), found.ends.densest()].compactMap { $0 }
  }

  private func correlograms(
    center: Int64, reach: Int64, _ partners: (ClientRun) -> [Hop]
  ) -> (starts: Correlogram, ends: Correlogram) {
    var starts = Correlogram(center: center, reach: reach)
    var ends = starts
    for run in runs {
      let partners = partners(run)
      starts.add(start: run.firstStart, partners: partners.map(\.start)[...])
      ends.add(start: run.lastEnd, partners: partners.map(\.end)[...])
    }
    return (starts, ends)
  }

  private func alive(_ run: ClientRun, from: Int64, to: Int64) -> [Hop] {
    carriers.alive(run.service, from: from, to: to, limit: CarrierWindow.partnerLimit) {
      $0.meshCluster == meshCluster && $0.latestEnd - $0.start >= run.lastEnd - run.firstEnd
    }
    .map { table[carriers.carriers[$0]] }
  }

  /// The log likelihood of all connections' times when the proxies' clock is ahead by `skew`. `ends`: differences of ends
  /// that many agree on, each of which may be a timeout.
  func fit(_ skew: Int64, ends: [Int64]) -> Double {
    let timeouts = ends.map { Double($0 - skew) / 1e6 }.filter { $0 > CarrierWindow.shortestTimeout }
    var plain = 0.0
    var sums = [Double](repeating: 0, count: timeouts.count)
    var ofRun = sums
    for run in runs {
      var sum = CarrierWindow.lost
      for place in timeouts.indices { ofRun[place] = 0 }
      for carrier in alive(run, from: run.lastEnd + skew, to: run.firstStart + skew + CarrierTime.slack) {
        let first = Double(run.firstStart + skew - carrier.start) / 1e6
        let last = Double(carrier.end - run.lastEnd - skew) / 1e6
        let begin = CarrierWindow.density(first, slack: 0.06)
        sum += begin * CarrierWindow.density(last, slack: 0.03)
        for place in timeouts.indices where abs(last - timeouts[place]) < CarrierWindow.timeoutWidth / 2 {
          ofRun[place] += begin * 0.25 / CarrierWindow.timeoutWidth
        }
      }
      plain += Logarithm.natural(sum)
      for place in timeouts.indices where ofRun[place] > 0 {
        sums[place] += Logarithm.natural(1 + ofRun[place] / sum)
      }
    }
    return plain + max(0, (sums.max() ?? 0) - CarrierWindow.timeoutPrice)
  }

  /// Half of all connections are used at once, or closed at once; the others some time later, of any order of
  /// magnitude up to an hour. Per second, of seconds.
  private static func density(_ gap: Double, slack: Double) -> Double {
    if gap < -slack { return 0 }
    let late = 0.5 / (max(slack, gap) * 11)
    return gap < slack ? 0.25 / slack + late : late
  }
}
