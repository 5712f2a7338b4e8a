internal import AccessLog

/// What carriers of one mesh look like from their clients' lines: bytes per service, gaps at both ends.
struct CarrierModels {
  private let table: HopTable
  private let clocks: ClockTable
  private var firstGap: DelayModel
  private var lastGap: DelayModel
  private var timeout = TimeoutModel()
  private var up: [ByteModel] = []
  private var down: [ByteModel] = []
  /// By service + 1: which byte model to use; 0 is that of all services together.
  private var modelOf: [Int]

  /// Sure pairs that a service needs to have a byte model of its own.
  private static let enough = 4.0
  /// Nats that the model of all services may say against a pair: another protocol has another constant.
  private static let borrowed = -2.0

  init(_ table: HopTable, _ clocks: ClockTable, _ candidates: [CarrierMatcher.Candidate]) {
    self.table = table
    self.clocks = clocks
    firstGap = DelayModel(unit: 1000)
    lastGap = DelayModel(unit: 1000)
    let services = Int(candidates.lazy.map(\.run.service).max() ?? -1) + 2
    modelOf = [Int](repeating: 0, count: services)
    var weight = [Double](repeating: 0, count: services)
    for candidate in candidates {
      let ends = ends(candidate)
      if !ends.beganBefore { firstGap.add(ends.first, weight: candidate.weight) }
      if !ends.isCut {
        lastGap.add(ends.last, weight: candidate.weight)
        timeout.add(ends.last, weight: candidate.weight)
      }
      weight[Int(candidate.run.service) + 1] += candidate.weight
    }
    firstGap.freeze()
    lastGap.freeze()
    timeout.freeze()
    let whole = candidates.filter { !ends($0).isCut }
    addByteModel(whole)
    for service in 0..<services where weight[service] >= CarrierModels.enough {
      addByteModel(whole.filter { Int($0.run.service) + 1 == service })
      if up[up.count - 1].isSharp, down[down.count - 1].isSharp { modelOf[service] = up.count - 1 }
    }
  }

  private mutating func addByteModel(_ candidates: [CarrierMatcher.Candidate]) {
    up.append(
      ByteModel(candidates.compactMap { sample($0, table[$0.carrier].bytesReceived, $0.run.up) }))
    down.append(ByteModel(candidates.compactMap { sample($0, table[$0.carrier].bytesSent, $0.run.down) }))
  }

  private func sample(
    _ candidate: CarrierMatcher.Candidate, _ wire: Int64, _ told: Double
  ) -> ByteModel.Sample? {
    if told.isNaN { return nil }
    return ByteModel.Sample(
      remainder: Double(wire) - told, requests: candidate.run.requests, weight: candidate.weight)
  }

  /// What lies between a carrier's ends and those of the requests that were logged.
  private struct Ends {
    /// Microseconds from the carrier's start to the first request, and from the last response to its end.
    var first: Double
    var last: Double
    /// Whether it lived at times that the client's log does not cover: it may have carried anything then.
    var beganBefore: Bool
    var endedAfter: Bool
    var mayBeCut: Bool { beganBefore || endedAfter }
    /// Whether that is more than the time in which connections end when nobody calls any more.
    var isCut: Bool
  }

  private func ends(_ candidate: CarrierMatcher.Candidate) -> Ends {
    let carrier = table[candidate.carrier]
    let run = candidate.run
    let clock = clocks[run.cluster, carrier.meshCluster]
    let skew = clock.skew(at: run.firstStart)
    let end = run.log.upperBound + skew
    return Ends(
      first: Double(run.firstStart + skew - carrier.start),
      last: Double(carrier.end - run.lastEnd - clock.skew(at: run.lastEnd)),
      beganBefore: carrier.start < run.log.lowerBound + skew - CarrierTime.slack,
      endedAfter: carrier.end > end + CarrierTime.slack,
      isCut: carrier.start < run.log.lowerBound + skew - CarrierTime.slack
        || carrier.end > end + RepeatedLines.flush)
  }

  /// Nats for the client connection being what this carrier carried.
  func score(_ candidate: CarrierMatcher.Candidate) -> Double {
    let carrier = table[candidate.carrier]
    let ends = ends(candidate)
    let life = Logarithm.natural(Double(max(20_000, carrier.duration)))
    // What a pair itself taught the models is taken out: of few pairs each would bear itself out.
    let first = firstGap.logDensity(ends.first, without: ends.beganBefore ? 0 : candidate.weight)
    let own = ends.isCut ? 0 : candidate.weight
    let last = max(
      lastGap.logDensity(ends.last, without: own),
      timeout.logDensity(ends.last, without: own) ?? -.infinity)
    var score = unless(ends.beganBefore, first + life) + unless(ends.endedAfter, last + life)
    score += bytes(candidate, carrier.bytesReceived, candidate.run.up, up, ends)
    score += bytes(candidate, carrier.bytesSent, candidate.run.down, down, ends)
    return score
  }

  /// Nats of the bytes in one direction: `wire` on the carrier, `told` by the requests.
  private func bytes(
    _ candidate: CarrierMatcher.Candidate, _ wire: Int64, _ told: Double, _ models: [ByteModel],
    _ ends: Ends
  ) -> Double {
    if wire < 0 || told.isNaN { return 0 }
    let place = modelOf[Int(candidate.run.service) + 1]
    let rest = Double(wire) - told
    let nats = models[place].evidence(
      remainder: rest, requests: candidate.run.requests, told: told,
      own: ends.isCut ? nil : candidate.weight)
    // What a cut connection carried besides makes its bytes more; what is too little remains too little.
    let mayBeMore = rest > models[place].least(candidate.run.requests)
    return unless(ends.mayBeCut && mayBeMore, place == 0 ? max(CarrierModels.borrowed, nats) : nats)
  }

  /// Nats that count for half where something else may be the case about which nothing is known.
  private func unless(_ mayBeCut: Bool, _ nats: Double) -> Double {
    mayBeCut ? Logarithm.natural((1 + Logarithm.exponential(nats)) / 2) : nats
  }
}
