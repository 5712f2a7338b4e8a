internal import Foundation

/// One host, or one proxy, takes longer than its peers do for equal work at the same time.
enum Slow {
  /// One measurement: who, of which kind of work, in which stretch of time, how long (microseconds).
  struct Sample {
    var who: Int
    var stratum: Int
    var time: Double
  }

  struct Result {
    var who: Int
    var times: Double
    var median: Double
    var peers: Double
    var count: Int
  }

  /// Those whose samples exceed the median of their peers' in the same stratum beyond chance, and by a factor.
  static func find(_ samples: [Sample]) -> [Result] {
    let strata = Dictionary(grouping: samples, by: \.stratum).mapValues {
      Dictionary(grouping: $0, by: \.who)
    }
    return Set(samples.map(\.who)).sorted().compactMap { who in
      var (above, count, logs, weights) = (0.0, 0.0, 0.0, 0.0)
      var (own, peers) = ([Double](), [Double]())
      for stratum in strata.values {
        guard let mine = stratum[who]?.map(\.time), mine.count >= 5 else { continue }
        let others = stratum.filter { $0.key != who }.values.filter { $0.count >= 5 }
        guard !others.isEmpty else { continue }
        // Each peer counts alike, and the middle one decides: one slow peer does not make the others fast.
        let median = Chance.median(others.map { Chance.median($0.map(\.time)) })
        above += Double(mine.count { $0 > median })
        count += Double(mine.count)
        let middle = Chance.median(mine)
        logs += Double(mine.count) * log((middle + 500) / (median + 500))
        weights += Double(mine.count)
        own += mine
        peers.append(median)
      }
      guard count >= 20, above - count / 2 > 4 * (count / 4).squareRoot() else { return nil }
      let times = exp(logs / weights)
      let (mine, theirs) = (Chance.median(own), Chance.median(peers))
      guard times >= FindingLimits.slow, mine - theirs >= FindingLimits.slowBy else { return nil }
      return Result(who: who, times: times, median: mine, peers: theirs, count: Int(count))
    }
  }
}
