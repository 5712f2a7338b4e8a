/// Divides a workload's calls among its requests: learns how the requests behave, and what is probable of each call.
struct CallSolver {
  private let problem: CallProblem
  private var state: CallAssignment
  private var beliefs: Beliefs
  private var moves = ReassignmentMoves()
  private var pairs = PairDivision()
  private var free: [Int]
  private let mostLost: [Double]
  /// Sweeps that each call is still left out of.
  private var rest: [UInt8]
  /// Whether each call was sure to stay when it was last visited.
  private var isSure: [Bool]
  private var sweep: UInt64 = 0
  /// Steps of the state after which no more is done.
  private let limit: Int
  /// The doubt with which the model was learned last; none before.
  private var lastDoubt: Float = -1

  /// Times that all is done from the start: what one finds and the other does not is in doubt, however sure each is.
  private static let chains = 2
  /// Rounds of "divide, learn".
  private static let learningRounds = 6
  /// Of these, the first begin with whole kinds of calls at once.
  private static let stageRounds = 3
  /// Of these, the first do not believe what is rare: it may be a mistake of the division so far.
  private static let doubtfulRounds = 4
  /// Of these, the first hardly believe in lost requests: what they learn from would be bursts explained away.
  private static let firstRounds = 2
  /// What is rare then: a share of the outcomes of an event.
  private static let doubt: Float = 0.02
  /// Sweeps in one round.
  private static let sweepsPerRound = 2
  /// Sweeps whose places are added up to the answer.
  private static let answeringSweeps = 12
  /// After so many of these the model is learned anew, so that the answer is an average over models, too.
  private static let sweepsPerModel = 4
  /// Further sweeps over the calls that are not settled by then: one place in a few dozen sweeps is a matter of luck.
  private static let furtherSweeps = 36
  private static let furtherPerModel = 12
  /// The share of sweeps in one place from which a call is settled.
  private static let settled: Float = 0.98
  /// A call this sure to stay is left out of the next sweeps.
  private static let sure: Float = 0.9995
  private static let sweepsOfRest: UInt8 = 3

  /// Sweeps that an answer rests on at least.
  private static let leastSweeps = 8
  /// Entries of a model that are learned in the time of a step.
  private static let entriesPerStep = 16

  /// `steps`: what may be done (`CorrelationLimits.appSteps`).
  /// - Returns: nil where that was not enough for an answer.
  static func solve(_ problem: CallProblem, _ spans: PodRanges, steps: Int) -> Beliefs? {
    assert(steps >= 0 && problem.candidateStart.count == problem.callID.count + 1)
    let shape = ModelShape(
      requestTypes: problem.requestTypes, callTypes: problem.callTypes, bins: GapBins(unit: problem.unit))
    let mostLost = LostCalls(problem, spans).mostHidden
    let first = Declustering.counts(problem, spans, shape: shape, mostLost: mostLost)
    let model = RequestModel(
      learning: first, mostLost: mostLost, busyMicroseconds: problem.busyMicroseconds, doubt: Self.doubt,
      isFirst: true)
    var solver = CallSolver(problem, model, mostLost: mostLost, limit: steps)
    for chain in 0..<Self.chains {
      solver.begin(model, chain: chain)
      // What the first chain found is an answer, if there is no time for another.
      if !solver.run() { return chain > 0 ? solver.beliefs : nil }
    }
    return solver.beliefs
  }

  private init(_ problem: CallProblem, _ model: RequestModel, mostLost: [Double], limit: Int) {
    self.mostLost = mostLost
    self.limit = limit
    self.problem = problem
    state = CallAssignment(problem, model: model)
    beliefs = Beliefs(problem)
    rest = []
    isSure = []
    free = []
  }

  /// Starts anew from the first model; what is believed already stays.
  private mutating func begin(_ model: RequestModel, chain: Int) {
    free = problem.callID.indices.filter { problem.given[$0] < 0 && !problem.orphaned[$0] }
    rest = [UInt8](repeating: 0, count: problem.callID.count)
    isSure = [Bool](repeating: false, count: problem.callID.count)
    sweep = UInt64(chain) << 32
    lastDoubt = -1
    beliefs.isRecording = false
    if chain > 0 { state.restart(model) }
  }

  /// Whether no more may be done.
  private var isSpent: Bool { state.steps >= limit }

  /// Returns whether there is an answer.
  private mutating func run() -> Bool {
    state.divideInOrder(limit: limit)
    for round in 0..<Self.learningRounds {
      if round < Self.stageRounds { assignStages() }
      for _ in 0..<Self.sweepsPerRound { visitAll(sampling: round > 0 || sweep >> 32 > 0) }
      // What was learned from a part of the calls would be a guess.
      if isSpent { return false }
      learn(doubt: round < Self.doubtfulRounds ? Self.doubt : 0, isFirst: round < Self.firstRounds)
    }
    assignStages()
    beliefs.isRecording = true
    for call in free { rest[call] = 0 }
    guard answer(sweeps: Self.answeringSweeps, perModel: Self.sweepsPerModel) >= Self.leastSweeps else {
      return false
    }
    free.removeAll { beliefs.ranked($0).best.share >= Self.settled }
    if !free.isEmpty { _ = answer(sweeps: Self.furtherSweeps, perModel: Self.furtherPerModel) }
    return true
  }

  /// Returns how many sweeps were made whole.
  private mutating func answer(sweeps: Int, perModel: Int) -> Int {
    for index in 0..<sweeps {
      if index % perModel == perModel - 1 {
        learn(doubt: 0)
        dividePairs()
      }
      visitAll(sampling: true)
      if isSpent { return index }
    }
    return sweeps
  }

  private mutating func dividePairs() {
    sweep += 1
    pairs.visitAll(&state, isSure: isSure, sweep: sweep, limit: limit)
  }

  private mutating func assignStages() {
    var followers = FollowerMoves()
    for call in free where !isSpent { followers.visit(call, &state) }
    dividePairs()
    for withTail in [false, true] {
      for type in 0..<Int32(problem.callTypes) {
        for rank in 0..<2 where !isSpent {
          var stage = StageAssignment(type: type, rank: rank, withTail: withTail)
          stage.improve(&state, limit: limit)
        }
      }
    }
  }

  /// Learns the model anew from the division; where that is as it was the last time, the model is, too.
  private mutating func learn(doubt: Float, isFirst: Bool = false) {
    if !state.hasChanged, doubt == lastDoubt { return }
    lastDoubt = doubt
    var counts = ModelCounts(shape: state.model.shape)
    state.spend((counts.outcomes.count + counts.gaps.size) / Self.entriesPerStep)
    state.count(into: &counts)
    state.adopt(
      RequestModel(
        learning: counts, mostLost: mostLost, busyMicroseconds: problem.busyMicroseconds, doubt: doubt,
        isFirst: isFirst))
  }

  private mutating func visitAll(sampling: Bool) {
    sweep += 1
    for call in free {
      if rest[call] > 0 {
        rest[call] -= 1
        continue
      }
      if isSpent { return }
      let draw = sampling ? Self.draw(problem.callKey(call), sweep) : nil
      let staying = moves.visit(call, &state, draw: draw, &beliefs)
      isSure[call] = staying > Self.sure
      if sampling, isSure[call] { rest[call] = Self.sweepsOfRest }
    }
  }

  /// 0 ..< 1, decided by the call and the sweep alone, so that distant calls do not change each other's draws.
  static func draw(_ key: UInt64, _ sweep: UInt64) -> Float {
    var bits = key &+ sweep &* 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Float((bits ^ (bits >> 31)) >> 40) / Float(1 << 24)
  }
}
