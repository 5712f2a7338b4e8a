internal import AccessLog

/// Client connections ↔ carriers by bytes, times and SNI alone: for what no server line speaks for.
///
/// Levels of bytes, gaps at both ends and the constant per request are learned from connections whose carrier is
/// known, and where there are none by taking the candidates' own word for it in turns: learn from all in
/// proportion to how well they fit, judge anew, again.
struct CarrierMatcher {
  /// Turns of learning and judging.
  static let turns = 6
  /// Carriers looked at for one client connection.
  static let candidateLimit = 512
  /// What a nat is worth: bytes, beginnings and ends of one connection have little to do with each other.
  static let temper = 0.9

  let table: HopTable
  let open: OpenCarriers
  let clocks: ClockTable

  struct Candidate {
    var row: Int
    var column: Int
    var run: ClientRun
    var carrier: Int32
    var weight: Double
    var score: Double
  }

  struct Match {
    var hops: [Int32]
    var carrier: Int32
    var confidence: Double
    /// The carrier that would have been chosen otherwise, or -1, and the log odds against it.
    var runnerUp: Int32
    var margin: Double
  }

  func matches() -> [Match] {
    var candidates = candidates()
    if candidates.isEmpty { return [] }
    let known = open.known.map { known in
      Candidate(row: -1, column: -1, run: known.run, carrier: known.carrier, weight: 1, score: 0)
    }
    let prior = prior(candidates)
    var verdicts: [Contest.Verdict] = []
    for turn in 0..<CarrierMatcher.turns {
      let models = CarrierModels(table, clocks, known + candidates)
      for index in candidates.indices {
        candidates[index].score = models.score(candidates[index]) + prior
      }
      let contest = Contest(
        rows: open.runs.count, columns: open.carriers.count,
        candidates.filter { $0.score > 0 }.map { ($0.row, $0.column, $0.score) })
      verdicts = contest.verdicts(temper: CarrierMatcher.temper)
      weigh(&candidates, verdicts, soft: turn < 2)
    }
    return verdicts.map { verdict in
      Match(
        hops: open.runs[verdict.row].hops, carrier: open.carriers[verdict.column],
        confidence: verdict.confidence, runnerUp: verdict.rowRival.place.map { open.carriers[$0] } ?? -1,
        margin: verdict.rowRival.margin)
    }
  }

  /// The log odds that a pair is right, before anything is compared: no more are right than there are connections of the
  /// kind of which fewer are there. Where most proxies' lines are missing, most connections have none.
  private func prior(_ candidates: [Candidate]) -> Double {
    let most = min(Set(candidates.map(\.row)).count, Set(candidates.map(\.column)).count)
    return -Logarithm.natural(max(1, Double(candidates.count) / Double(max(1, most))))
  }

  /// How much each candidate is learned from in the next turn.
  private func weigh(_ candidates: inout [Candidate], _ verdicts: [Contest.Verdict], soft: Bool) {
    var chosen = [Int: Double]()
    for verdict in verdicts { chosen[verdict.row << 32 | verdict.column] = verdict.confidence }
    var sums = [Double](repeating: 1, count: open.runs.count)
    for candidate in candidates { sums[candidate.row] += Logarithm.exponential(min(50, candidate.score)) }
    for index in candidates.indices {
      let candidate = candidates[index]
      let own = chosen[candidate.row << 32 | candidate.column] ?? 0
      let fit = Logarithm.exponential(min(50, candidate.score)) / sums[candidate.row]
      candidates[index].weight = soft ? max(own, fit) : own
    }
  }

  /// All pairs that time and service allow, with the weight that ignorance gives them.
  private func candidates() -> [Candidate] {
    let index = CarrierIndex(table, open.carriers)
    let budget = max(CorrelationLimits.carrierPairs, CorrelationLimits.carriersOfConnection * open.runs.count)
    let most = min(CarrierMatcher.candidateLimit, max(1, budget / max(1, open.runs.count)))
    let columns = Dictionary(uniqueKeysWithValues: open.carriers.enumerated().map { ($1, $0) })
    var found: [Candidate] = []
    for (row, run) in open.runs.enumerated() {
      let limit = RequestIDJoin.maximumSkew
      let places = index.alive(
        run.service, from: run.lastEnd - limit, to: run.firstEnd + limit,
        limit: most
      ) { holds(run, $0) }
      for place in places {
        let carrier = index.carriers[place]
        found.append(
          Candidate(
            row: row, column: columns[carrier] ?? 0, run: run, carrier: carrier,
            weight: 1 / Double(places.count), score: 0))
      }
    }
    return found
  }

  /// Whether the connection's requests ran while the carrier lived.
  private func holds(_ run: ClientRun, _ carrier: Hop) -> Bool {
    let clock = clocks[run.cluster, carrier.meshCluster]
    if !clock.isKnown, run.cluster != carrier.meshCluster { return false }
    let skew = clock.skew(at: run.firstStart)
    return run.firstEnd + skew >= carrier.start - CarrierTime.slack
      && run.lastEnd + skew <= carrier.latestEnd + CarrierTime.slack
  }
}
