/// A first model from times alone, before any call is matched: which kind of event sets off which, and how soon.
///
/// Each start of a call, and each end of a request, was set off by one earlier event of its pod: the start of a
/// request, the start or the end of a call, or nothing in the log. Expectation maximisation over all pairs within
/// reach (Marsan and Lengliné's "stochastic declustering", Science 2008; a correlogram whose background and whose
/// indirect peaks are explained away): every round shares each target among its possible causes by their current
/// rates, then counts the shares. Sharp peaks win, as they should: the nearest cause in a chain has the sharpest.
struct Declustering {
  private let shape: ModelShape
  private var pairs: [Pair] = []
  /// Where each target's pairs begin, and one more for the end.
  private var targets: [Int32] = []
  private var targetAct: [Int32] = []
  /// Events of each kind that could set something off, by (request type, event).
  private var eventCount: [Float]
  private var busyMicroseconds: Double
  /// One in so many hops is a target.
  private var oneIn: UInt64 = 1
  /// By act; ends of requests always have a cause.
  private let mostLost: [Double]
  /// The rows of a `GapTable` that pairs are of, in the order in which they were found; and the place of each row there.
  private var rows: [Int32] = []
  private var rowPlaces: [Int32]

  private struct Pair {
    /// In `rows`.
    var place: Int32
    var bin: Int32
  }

  /// Rounds of expectation maximisation; peaks stand out after about five.
  private static let rounds = 12
  /// Earlier calls of a pod that are looked at for each target, by start and by end.
  private static let reach = 24
  /// Targets that are looked at, spread evenly; more would not change the picture.
  private static let targetLimit = 20_000

  /// - Returns: expected counts to learn a first model from.
  static func counts(_ problem: CallProblem, _ spans: PodRanges, shape: ModelShape, mostLost: [Double])
    -> ModelCounts
  {
    var declustering = Declustering(problem, shape: shape, mostLost: mostLost)
    declustering.collect(problem, spans)
    return declustering.estimate()
  }

  private init(_ problem: CallProblem, shape: ModelShape, mostLost: [Double]) {
    self.mostLost = mostLost + [0]
    self.shape = shape
    rowPlaces = [Int32](repeating: -1, count: shape.gapRows)
    eventCount = [Float](repeating: 1, count: shape.requestTypes * shape.events)
    busyMicroseconds = problem.busyMicroseconds
    for type in problem.requestType { eventCount[Int(type) * shape.events] += 1 }
    for type in 0..<shape.requestTypes {
      let base = type * shape.events
      for call in problem.callType {
        eventCount[base + shape.callStarts(Int(call))] += 1
        eventCount[base + shape.callEnds(Int(call))] += 1
      }
    }
  }

  private mutating func collect(_ problem: CallProblem, _ spans: PodRanges) {
    let total = problem.callID.count + problem.requestID.count
    oneIn = UInt64(max(1, (total + Self.targetLimit - 1) / Self.targetLimit))
    for span in spans.spans where !span.requests.isEmpty {
      let byEnd = span.calls.sorted { (problem.callEnd[$0], $0) < (problem.callEnd[$1], $1) }
      var ended = 0
      for call in span.calls {
        while ended < byEnd.count, problem.callEnd[byEnd[ended]] <= problem.callStart[call] { ended += 1 }
        guard isChosen(problem.callKey(call)), !problem.candidateRange(call).isEmpty else { continue }
        addCauses(ofCall: call, problem, span, byEnd[max(0, ended - Self.reach)..<ended])
      }
      addEnds(problem, span, byEnd)
    }
    targets.append(Int32(pairs.count))
  }

  private mutating func addCauses(
    ofCall call: Int, _ problem: CallProblem, _ span: PodRanges.Span, _ ended: ArraySlice<Int>
  ) {
    beginTarget(act: Int(problem.callType[call]))
    let start = problem.callStart[call]
    var earliest = Int64.max
    var types: UInt64 = 0
    for place in problem.candidateRange(call) {
      let request = Int(problem.candidates[place])
      let type = Int(problem.requestType[request])
      earliest = min(earliest, problem.requestStart[request])
      types |= 1 << UInt64(type)
      add(type: type, event: ModelShape.requestStarts, gap: start - problem.requestStart[request])
    }
    for earlier in ended where earlier != call && problem.callStart[earlier] >= earliest {
      addEach(
        types, event: shape.callEnds(Int(problem.callType[earlier])), gap: start - problem.callEnd[earlier])
    }
    for earlier in max(span.calls.lowerBound, call - Self.reach)..<call
    where problem.callStart[earlier] >= earliest {
      addEach(
        types, event: shape.callStarts(Int(problem.callType[earlier])),
        gap: start - problem.callStart[earlier])
    }
  }

  private mutating func addEnds(
    _ problem: CallProblem, _ span: PodRanges.Span, _ byEnd: [Int]
  ) {
    let requests = span.requests.sorted { (problem.requestEnd[$0], $0) < (problem.requestEnd[$1], $1) }
    var ended = 0
    for request in requests where problem.requestEndKnown[request] {
      let end = problem.requestEnd[request]
      let start = problem.requestStart[request]
      while ended < byEnd.count, problem.callEnd[byEnd[ended]] <= end + problem.requestEndSlack[request] {
        ended += 1
      }
      guard isChosen(problem.requestKey(request)) else { continue }
      let type = Int(problem.requestType[request])
      beginTarget(act: shape.requestEnds)
      add(type: type, event: ModelShape.requestStarts, gap: end - start)
      for call in byEnd[max(0, ended - Self.reach)..<ended] where problem.callStart[call] >= start {
        add(type: type, event: shape.callEnds(Int(problem.callType[call])), gap: end - problem.callEnd[call])
      }
    }
  }

  /// Whether a hop is among the targets: decided by a hash of its times, which falls in step with no pattern of calls.
  private func isChosen(_ key: UInt64) -> Bool {
    oneIn == 1 || ((key &* 0x9E37_79B9_7F4A_7C15) >> 32) % oneIn == 0
  }

  private mutating func beginTarget(act: Int) {
    targets.append(Int32(pairs.count))
    targetAct.append(Int32(act))
  }

  private mutating func add(type: Int, event: Int, gap: Int64) {
    let row = shape.gapRow(type: type, event: event, act: Int(targetAct[targetAct.count - 1]))
    if rowPlaces[row] < 0 {
      rowPlaces[row] = Int32(rows.count)
      rows.append(Int32(row))
    }
    pairs.append(Pair(place: rowPlaces[row], bin: Int32(shape.bins.bin(gap))))
  }

  /// The kind of request that an earlier call belongs to is not known yet: it may be any that is open.
  private mutating func addEach(_ types: UInt64, event: Int, gap: Int64) {
    for type in 0..<shape.requestTypes where types & (1 << UInt64(type)) != 0 {
      add(type: type, event: event, gap: gap)
    }
  }

  /// Shares every target among its causes, again and again, and returns what came out.
  private func estimate() -> ModelCounts {
    let edges = GapEdges(shape.bins)
    var mass = [Float](repeating: 1, count: rows.count)
    var density: [Float] = []
    density.reserveCapacity(rows.count * GapBins.count)
    for _ in rows { density += edges.flat }
    var unexplained = [Float](repeating: 1, count: shape.acts)
    var gaps: [Float] = []
    for _ in 0..<Self.rounds {
      gaps = [Float](repeating: 0, count: rows.count * GapBins.count)
      unexplained = share(mass, density, unexplained, into: &gaps)
      for place in rows.indices {
        let counts = gaps[place * GapBins.count..<(place + 1) * GapBins.count]
        var sum: Float = 0
        for count in counts { sum += count }
        mass[place] = sum
        if sum > 0 { fill(&density, place: place, with: GapDensity(counts, edges)) }
      }
    }
    return result(gaps: gaps, mass: mass, unexplained: unexplained)
  }

  private func fill(_ table: inout [Float], place: Int, with density: GapDensity) {
    for bin in 0..<GapBins.count { table[place * GapBins.count + bin] = density.perMicrosecond[bin] }
  }

  /// One round; returns the targets of each act that nothing explains. `mass` and `density` are by place in `rows`.
  private func share(
    _ mass: [Float], _ density: [Float], _ unexplained: [Float], into gaps: inout [Float]
  ) -> [Float] {
    var rest = [Float](repeating: 0.1, count: shape.acts)
    let rate = mass.indices.map { mass[$0] / eventCount[Int(rows[$0]) / shape.acts] }
    var shares: [Float] = []
    for target in 0..<targetAct.count {
      let act = Int(targetAct[target])
      let background = max(
        1e-12, min(unexplained[act], Float(mostLost[act]) / Float(oneIn)) / Float(busyMicroseconds))
      var sum = background
      shares.removeAll(keepingCapacity: true)
      let range = Int(targets[target])..<Int(targets[target + 1])
      for pair in pairs[range] {
        let share = rate[Int(pair.place)] * density[Int(pair.place) * GapBins.count + Int(pair.bin)]
        shares.append(share)
        sum += share
      }
      rest[act] += background / sum
      for (offset, pair) in pairs[range].enumerated() {
        gaps[Int(pair.place) * GapBins.count + Int(pair.bin)] += shares[offset] / sum
      }
    }
    return rest
  }

  private func result(gaps: [Float], mass: [Float], unexplained: [Float]) -> ModelCounts {
    var counts = ModelCounts(shape: shape)
    counts.gaps = GapTable(rows: shape.gapRows, owners: rows, values: gaps)
    func massOf(_ row: Int) -> Float { rowPlaces[row] < 0 ? 0 : mass[Int(rowPlaces[row])] }
    for row in 0..<shape.requestTypes * shape.events {
      let total = (0..<shape.acts).reduce(Float(0)) { $0 + massOf(row * shape.acts + $1) }
      for busy in 0...1 {
        let base = (row * 2 + busy) * shape.outcomes
        for act in 0..<shape.acts { counts.coarse[base + act] = massOf(row * shape.acts + act) }
        if busy == 1 { counts.coarse[base + shape.waits] = 2 * total }
      }
    }
    for type in 0..<shape.callTypes { counts.orphans[type] = Double(unexplained[type]) }
    return counts
  }
}
