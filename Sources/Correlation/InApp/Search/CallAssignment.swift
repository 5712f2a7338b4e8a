/// Which call is in which request at the moment, with each request's likelihood.
///
/// A call whose request is not in the log belongs to a *lost* request, which has no line but may have several
/// calls: they follow each other as they do in any request, and would otherwise be mistaken for calls of the
/// request around them. Lost requests have numbers past the last request: that of their first call, so a call that
/// starts no lost request finds its own number free.
///
/// The calls of a request are a list through `next`, in the order of their starts.
struct CallAssignment {
  let problem: CallProblem
  /// How many requests have a line; lost ones have higher numbers.
  let requests: Int
  /// The request of each call.
  private(set) var parent: [Int32]
  private var first: [Int32]
  private var next: [Int32]
  private var last: [Int32]
  /// The call before each, in its request; only of use from `last` backwards.
  private var previous: [Int32]
  private(set) var size: [Int32]
  /// Log likelihood of each request with its calls.
  private(set) var score: [Float]
  private var walk = RequestWalk()
  private var scorer: RequestScore
  /// What was done so far, in steps of `CorrelationLimits.appSteps`.
  private(set) var steps = 0
  /// Whether calls were divided anew since the model was adopted.
  private(set) var hasChanged = true

  /// Earlier calls of the pod among which a lost request to join is looked for.
  private static let lostReach = 16

  /// Calls of a request up to which all of them count for what one more adds, and how many of the latest do beyond.
  private static let few = 24
  private static let latest = 8

  /// Steps that a request costs beside those of its calls.
  private static let stepsOfRequest = 2

  /// Counts what was done elsewhere.
  mutating func spend(_ further: Int) { steps &+= further }

  /// At first every call is alone in a lost request.
  init(_ problem: CallProblem, model: RequestModel) {
    self.problem = problem
    requests = problem.requestID.count
    let calls = problem.callID.count
    parent = (0..<calls).map { Int32(problem.requestID.count + $0) }
    next = [Int32](repeating: -1, count: calls)
    first = [Int32](repeating: -1, count: requests) + (0..<Int32(calls))
    last = first
    previous = next
    size = [Int32](repeating: 0, count: requests) + [Int32](repeating: 1, count: calls)
    score = [Float](repeating: 0, count: requests + calls)
    scorer = RequestScore(model: model)
  }

  /// Every call is alone again.
  mutating func restart(_ model: RequestModel) {
    let done = steps
    self = CallAssignment(problem, model: model)
    steps = done
  }

  var model: RequestModel { scorer.model }

  /// The number of the lost request that starts with a call.
  @inline(__always)
  func lostRequest(_ call: Int) -> Int { requests + call }
  @inline(__always)
  func isLost(_ request: Int) -> Bool { request >= requests }

  /// Log likelihood of a request with the calls given, in the order of their starts.
  @inline(__always)
  mutating func likelihood(_ request: Int, _ calls: [Int32], toEnd: Bool = true) -> Float {
    scorer.sum = 0
    steps &+= calls.count &+ CallAssignment.stepsOfRequest
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

  /// Whether a call may belong to a request: it is among its candidates, or the request is lost.
  func mayBelong(_ call: Int, to request: Int) -> Bool {
    if isLost(request) { return true }
    for place in problem.candidateRange(call) where problem.candidates[place] == Int32(request) {
      return true
    }
    return false
  }

  /// Whether no id holds the call where it is, and it may belong to the request.
  @inline(__always)
  func isFree(_ call: Int, for request: Int) -> Bool {
    problem.given[call] < 0 && mayBelong(call, to: request)
  }

  /// Makes `calls` the calls of a request, whichever they were before. A lost request takes its first call's number.
  mutating func set(_ request: Int, calls: [Int32], score newScore: Float) {
    var number = request
    if isLost(request) {
      clear(request)
      guard let head = calls.first else { return }
      number = lostRequest(Int(head))
    }
    clear(number)
    for call in calls { append(call, to: number) }
    score[number] = newScore
  }

  /// Gives two requests their calls anew. Both are emptied before either is filled: a lost request changes its
  /// number with its first call.
  mutating func exchange(
    _ request: Int, _ calls: [Int32], _ newScore: Float, with other: Int, _ otherCalls: [Int32],
    _ otherScore: Float
  ) {
    if isLost(request) { clear(request) }
    if isLost(other) { clear(other) }
    set(request, calls: calls, score: newScore)
    set(other, calls: otherCalls, score: otherScore)
  }

  /// Adds a call that starts after all others of a request; leaves the likelihood as it was.
  mutating func append(_ call: Int32, to request: Int) {
    hasChanged = true
    parent[Int(call)] = Int32(request)
    next[Int(call)] = -1
    previous[Int(call)] = last[request]
    if last[request] < 0 { first[request] = call } else { next[Int(last[request])] = call }
    last[request] = call
    size[request] += 1
  }

  /// The latest calls of a request, in order: all of them where there are few.
  func gatherLatest(_ request: Int, into list: inout [Int32]) {
    if size[request] <= Self.few { return gather(request, into: &list) }
    list.removeAll(keepingCapacity: true)
    var call = last[request]
    while call >= 0, list.count < Self.latest {
      list.append(call)
      call = previous[Int(call)]
    }
    list.reverse()
  }

  private mutating func clear(_ request: Int) {
    first[request] = -1
    last[request] = -1
    size[request] = 0
    score[request] = 0
  }

  /// The lost requests, other than its own, that a call may continue: those of the calls just before it in its pod.
  func lostNearby(_ call: Int, into list: inout [Int32]) {
    list.removeAll(keepingCapacity: true)
    var earlier = call - 1
    let limit = max(problem.podStart[call], Int32(call - Self.lostReach))
    while earlier >= Int(limit) {
      let request = parent[earlier]
      if isLost(Int(request)), request != parent[call], !problem.orphaned[earlier], !list.contains(request) {
        list.append(request)
      }
      earlier -= 1
    }
  }

  /// Takes over a new model: every request's likelihood changes.
  mutating func adopt(_ model: RequestModel) {
    scorer = RequestScore(model: model)
    hasChanged = false
    var list: [Int32] = []
    for request in first.indices {
      gather(request, into: &list)
      score[request] = likelihood(request, list)
    }
  }

  /// Adds what the present division teaches to `counts`.
  ///
  /// Of lost requests only their number is learned, by the kind of the first call, where it could have been
  /// mistaken for the call of a request that was open around it.
  func count(into counts: inout ModelCounts) {
    var walk = RequestWalk()
    var list: [Int32] = []
    for request in 0..<requests {
      gather(request, into: &list)
      walk.run(request, calls: list, toEnd: true, problem, counts.shape, &counts)
    }
    for call in parent.indices where parent[call] == Int32(lostRequest(call)) {
      if !problem.candidateRange(call).isEmpty { counts.lostStart(act: Int(problem.callType[call])) }
    }
  }
}
