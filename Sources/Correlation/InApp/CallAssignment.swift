/// Which call is in which request at the moment, with each request's likelihood.
///
/// The calls of a request are a list through `next`, in the order of their starts.
struct CallAssignment {
  let problem: CallProblem
  /// The request of each call, -1 for none.
  private(set) var parent: [Int32]
  private var first: [Int32]
  private var next: [Int32]
  private(set) var size: [Int32]
  /// Log likelihood of each request with its calls.
  private(set) var score: [Float]
  private var walk = RequestWalk()
  private var scorer: RequestScore

  init(_ problem: CallProblem, model: RequestModel) {
    self.problem = problem
    parent = [Int32](repeating: -1, count: problem.callID.count)
    next = parent
    first = [Int32](repeating: -1, count: problem.requestID.count)
    size = [Int32](repeating: 0, count: problem.requestID.count)
    score = [Float](repeating: 0, count: problem.requestID.count)
    scorer = RequestScore(model: model)
  }

  var model: RequestModel { scorer.model }

  /// Log likelihood of a request with the calls given, in the order of their starts.
  @inline(__always)
  mutating func likelihood(_ request: Int, _ calls: [Int32], toEnd: Bool = true) -> Float {
    scorer.sum = 0
    walk.run(request, calls: calls, toEnd: toEnd, problem, scorer.model.shape, &scorer)
    return scorer.sum
  }

  /// Writes the calls of a request into `list`.
  @inline(__always)
  func gather(_ request: Int, into list: inout [Int32]) {
    list.removeAll(keepingCapacity: true)
    var call = first[request]
    while call >= 0 {
      list.append(call)
      call = next[Int(call)]
    }
  }

  /// Makes `calls` the calls of a request, whichever they were before.
  mutating func set(_ request: Int, calls: [Int32], score newScore: Float) {
    var last: Int32 = -1
    for call in calls {
      parent[Int(call)] = Int32(request)
      if last < 0 { first[request] = call } else { next[Int(last)] = call }
      last = call
    }
    if last < 0 { first[request] = -1 } else { next[Int(last)] = -1 }
    size[request] = Int32(calls.count)
    score[request] = newScore
  }

  mutating func orphan(_ call: Int) { parent[call] = -1 }

  /// Takes over a new model: every request's likelihood changes.
  mutating func adopt(_ model: RequestModel) {
    scorer = RequestScore(model: model)
    var list: [Int32] = []
    for request in first.indices {
      gather(request, into: &list)
      score[request] = likelihood(request, list)
    }
  }

  /// Adds what the present division teaches to `counts`.
  func count(into counts: inout ModelCounts) {
    var walk = RequestWalk()
    var list: [Int32] = []
    for request in first.indices {
      gather(request, into: &list)
      walk.run(request, calls: list, toEnd: true, problem, counts.shape, &counts)
    }
    for call in parent.indices where parent[call] < 0 && !problem.candidateRange(call).isEmpty {
      counts.orphans[Int(problem.callType[call])] += 1
    }
  }
}
