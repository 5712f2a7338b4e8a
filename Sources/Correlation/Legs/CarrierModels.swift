internal import AccessLog

/// What carriers of one mesh look like from their clients' lines: bytes per service, gaps at both ends.
struct CarrierModels {
  private let table: HopTable
  private let clocks: ClockTable
  private var firstGap: DelayModel
  private var lastGap: DelayModel
  private var up: [ByteModel] = []
  private var down: [ByteModel] = []
  /// By service + 1: which byte model to use.
  private var modelOf: [Int]

  /// Sure pairs that a service needs to have a byte model of its own.
  private static let enough = 24.0

  init(_ table: HopTable, _ clocks: ClockTable, _ candidates: [CarrierMatcher.Candidate]) {
    self.table = table
    self.clocks = clocks
    firstGap = DelayModel(unit: 1000)
    lastGap = DelayModel(unit: 1000)
    let services = Int(candidates.lazy.map(\.run.service).max() ?? -1) + 2
    modelOf = [Int](repeating: 0, count: services)
    var weight = [Double](repeating: 0, count: services)
    for candidate in candidates {
      let (first, last) = gaps(candidate)
      firstGap.add(first, weight: candidate.weight)
      lastGap.add(last, weight: candidate.weight)
      weight[Int(candidate.run.service) + 1] += candidate.weight
    }
    firstGap.freeze()
    lastGap.freeze()
    addByteModel(candidates)
    for service in 0..<services where weight[service] >= CarrierModels.enough {
      modelOf[service] = up.count
      addByteModel(candidates.filter { Int($0.run.service) + 1 == service })
    }
  }

  private mutating func addByteModel(_ candidates: [CarrierMatcher.Candidate]) {
    up.append(ByteModel(candidates.map { sample($0, table[$0.carrier].bytesReceived, $0.run.up) }))
    down.append(ByteModel(candidates.map { sample($0, table[$0.carrier].bytesSent, $0.run.down) }))
  }

  private func sample(
    _ candidate: CarrierMatcher.Candidate, _ wire: Int64, _ told: Double
  ) -> ByteModel.Sample {
    ByteModel.Sample(
      remainder: Double(wire) - told, requests: candidate.run.requests, weight: candidate.weight)
  }

  /// Microseconds from the carrier's start to the first request, and from the last response to its end.
  private func gaps(_ candidate: CarrierMatcher.Candidate) -> (first: Double, last: Double) {
    let carrier = table[candidate.carrier]
    let clock = clocks.pairs[clocks.index(candidate.run.cluster, carrier.meshCluster)]
    let first = candidate.run.firstStart + clock.skew(at: candidate.run.firstStart) - carrier.start
    let last = carrier.end - candidate.run.lastEnd - clock.skew(at: candidate.run.lastEnd)
    return (Double(first), Double(last))
  }

  /// Nats for the client connection being what this carrier carried.
  func score(_ candidate: CarrierMatcher.Candidate) -> Double {
    let carrier = table[candidate.carrier]
    let (first, last) = gaps(candidate)
    let life = Logarithm.natural(Double(max(20_000, carrier.duration)))
    var score = firstGap.logDensity(first) + lastGap.logDensity(last) + 2 * life
    let model = modelOf[Int(candidate.run.service) + 1]
    if carrier.bytesReceived >= 0 {
      score += up[model].evidence(
        remainder: Double(carrier.bytesReceived) - candidate.run.up, requests: candidate.run.requests)
    }
    if carrier.bytesSent >= 0 {
      score += down[model].evidence(
        remainder: Double(carrier.bytesSent) - candidate.run.down, requests: candidate.run.requests)
    }
    return score
  }
}
