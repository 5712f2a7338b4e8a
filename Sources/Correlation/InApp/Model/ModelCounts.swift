/// What was counted to learn a request model: outcomes and gaps. Counts of disjoint sets of requests merge by addition.
struct ModelCounts {
  let shape: ModelShape
  /// By (request type, event, state, outcome).
  var outcomes: [Float]
  /// By (request type, event, calls open or not, outcome): what is known without the state.
  var coarse: [Float]
  /// Gaps seen before each act.
  var gaps: GapTable
  /// Calls without a parent, by type.
  var orphans: [Double]
  /// What is known with the calls so far.
  var compositions: CompositionCounts

  init(shape: ModelShape) {
    self.shape = shape
    let rows = shape.requestTypes * shape.events
    outcomes = [Float](repeating: 0, count: rows * ModelShape.states * shape.outcomes)
    coarse = [Float](repeating: 0, count: rows * 2 * shape.outcomes)
    gaps = GapTable(rows: shape.gapRows)
    orphans = [Double](repeating: 0, count: shape.callTypes)
    compositions = CompositionCounts(shape: shape)
  }

  /// The gaps of all kinds of requests together; nil where none was seen.
  func pooledGaps(event: Int, act: Int) -> [Float]? {
    var pool: [Float]?
    for type in 0..<shape.requestTypes {
      let row = shape.gapRow(type: type, event: event, act: act)
      guard gaps.has(row) else { continue }
      let seen = gaps.bins(of: row)
      guard var sums = pool else {
        pool = Array(seen)
        continue
      }
      pool = nil
      for (bin, count) in seen.enumerated() { sums[bin] += count }
      pool = sums
    }
    return pool
  }
}

extension ModelCounts {
  /// The kind of request that most often makes a kind of call.
  func likeliestType(act: Int) -> Int32 {
    var best: (type: Int32, calls: Float) = (0, 0)
    for type in 0..<shape.requestTypes {
      var calls: Float = 0
      for event in 0..<shape.events {
        let row = shape.gapRow(type: type, event: event, act: act)
        if gaps.has(row) { for count in gaps.bins(of: row) { calls += count } }
      }
      if calls > best.calls { best = (Int32(type), calls) }
    }
    return best.type
  }
}

extension ModelCounts: RequestVisitor {
  @inline(__always)
  mutating func begin(type: Int) { compositions.begin(type: type) }

  @inline(__always)
  mutating func act(type: Int, event: Int, state: Int, act: Int, gap: Int64) {
    add(type: type, event: event, state: state, outcome: act)
    if act < shape.callTypes { compositions.advance(act) }
    gaps.count(shape.gapRow(type: type, event: event, act: act), bin: shape.bins.bin(gap))
  }

  @inline(__always)
  mutating func wait(type: Int, event: Int, state: Int) {
    add(type: type, event: event, state: state, outcome: shape.waits)
  }

  @inline(__always)
  private mutating func add(type: Int, event: Int, state: Int, outcome: Int) {
    let first = shape.outcomeIndex(type: type, event: event, state: state, outcome: 0)
    outcomes[first + outcome] += 1
    compositions.add(event: event, state: state, outcome: outcome, coarse: first)
  }

  /// Nothing is learned from what follows in a lost request, so its kind does not matter here.
  func lostType(act: Int) -> Int { 0 }

  @inline(__always)
  mutating func lostStart(act: Int) { orphans[act] += 1 }

  @inline(__always)
  mutating func lostEnd(type: Int, event: Int, state: Int) {}
}
