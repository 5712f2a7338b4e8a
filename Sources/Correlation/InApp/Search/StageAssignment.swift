/// Divides all calls of one kind among the requests anew, at once, the other calls staying where they are.
///
/// Moves of one or two calls get stuck where a whole row of requests is shifted by one place. Given the rest, what a
/// call adds to a request's likelihood does not depend on the other calls of its kind, so the best division is an
/// assignment problem. A second form moves each call together with all later ones of its request.
struct StageAssignment {
  /// The kind of call.
  let type: Int32
  /// Which of a request's calls of that kind takes part: 0 for the first.
  let rank: Int
  /// Whether the later calls of the request go with it.
  let withTail: Bool

  private var list: [Int32] = []
  private var unit: [Int32] = []
  private var joined: [Int32] = []

  init(type: Int32, rank: Int, withTail: Bool) {
    self.type = type
    self.rank = rank
    self.withTail = withTail
  }

  /// Solves the stage and applies the answer. Requests with too many calls to move keep theirs; all do where it takes
  /// more than `limit` of the state's steps.
  mutating func improve(_ state: inout CallAssignment, limit: Int) {
    let calls = members(state)
    guard !calls.isEmpty else { return }
    var solver = Assignment<Float>(columns: state.problem.requestID.count, ties: .without)
    var remainders = Remainders(state.problem.requestID.count)
    var edges: [Assignment<Float>.Edge] = []
    for call in calls {
      guard state.steps + solver.steps < limit else {
        state.spend(solver.steps)
        return
      }
      collectUnit(call, state)
      edges.removeAll(keepingCapacity: true)
      for place in state.problem.candidateRange(call) {
        let request = Int(state.problem.candidates[place])
        guard state.size[request] <= ReassignmentMoves.sizeLimit, !isHeld(request, state),
          fits(request, state)
        else { continue }
        let base = remainders.score(request) ?? remainders.store(request, remainderScore(request, &state))
        remainder(request, state)
        merge()
        edges.append(.init(column: Int32(request), cost: base - state.likelihood(request, joined)))
      }
      solver.add(edges[...], none: -state.likelihood(state.lostRequest(call), unit))
    }
    state.spend(solver.steps)
    apply(calls, solver.columnOf, &state)
  }

  /// The calls that take part, in order: those of the rank in their request, and those alone in a lost one.
  private mutating func members(_ state: CallAssignment) -> [Int] {
    var result: [Int] = []
    for call in state.problem.callID.indices
    where state.problem.callType[call] == type && !state.problem.candidateRange(call).isEmpty {
      let request = Int(state.parent[call])
      if state.isLost(request) {
        if state.size[request] == 1 { result.append(call) }
      } else if state.size[request] <= ReassignmentMoves.sizeLimit {
        state.gather(request, into: &list)
        if ranked(state) == Int32(call), !isHeld(request, state) { result.append(call) }
      }
    }
    return result
  }

  /// The call of the rank in `list`, -1 for none.
  private func ranked(_ state: borrowing CallAssignment) -> Int32 {
    var seen = 0
    for call in list where state.problem.callType[Int(call)] == type {
      if seen == rank { return call }
      seen += 1
    }
    return -1
  }

  /// Whether an id holds a call of the request that would have to move.
  private mutating func isHeld(_ request: Int, _ state: borrowing CallAssignment) -> Bool {
    state.gather(request, into: &list)
    let pivot = ranked(state)
    guard pivot >= 0 else { return false }
    for call in list where call == pivot || (withTail && call > pivot) {
      if state.problem.given[Int(call)] >= 0 { return true }
    }
    return false
  }

  /// Writes the call, and its tail where that goes with it, into `unit`.
  private mutating func collectUnit(_ call: Int, _ state: borrowing CallAssignment) {
    unit.removeAll(keepingCapacity: true)
    unit.append(Int32(call))
    guard withTail else { return }
    state.gather(Int(state.parent[call]), into: &list)
    for member in list where member > call { unit.append(member) }
  }

  /// Whether every call of the unit may belong to the request.
  private func fits(_ request: Int, _ state: borrowing CallAssignment) -> Bool {
    for call in unit.dropFirst() {
      if !state.mayBelong(Int(call), to: request) { return false }
    }
    return true
  }

  /// Writes what stays with a request when its unit leaves into `list`.
  private mutating func remainder(_ request: Int, _ state: borrowing CallAssignment) {
    state.gather(request, into: &list)
    let pivot = ranked(state)
    guard pivot >= 0 else { return }
    if withTail { list.removeAll { $0 >= pivot } } else { list.removeAll { $0 == pivot } }
  }

  private mutating func remainderScore(_ request: Int, _ state: inout CallAssignment) -> Float {
    remainder(request, state)
    return state.likelihood(request, list)
  }

  /// Writes `list` and `unit` into `joined`, in order.
  private mutating func merge() {
    joined.removeAll(keepingCapacity: true)
    var next = 0
    for call in list {
      while next < unit.count, unit[next] < call {
        joined.append(unit[next])
        next += 1
      }
      joined.append(call)
    }
    joined.append(contentsOf: unit[next...])
  }

  private mutating func apply(_ calls: [Int], _ columns: [Int32], _ state: inout CallAssignment) {
    var units: [[Int32]] = []
    var touched: Set<Int> = []
    var arriving: [Int: Int] = [:]
    for (place, call) in calls.enumerated() {
      collectUnit(call, state)
      units.append(unit)
      let now = Int(state.parent[call])
      let then = columns[place] < 0 ? state.lostRequest(call) : Int(columns[place])
      arriving[then] = place
      if now != then { touched.formUnion([now, then]) }
    }
    var divided: [(request: Int, calls: [Int32])] = []
    for request in touched.sorted() {
      if state.isLost(request) { list.removeAll() } else { remainder(request, state) }
      unit = arriving[request].map { units[$0] } ?? []
      merge()
      divided.append((request, joined))
    }
    for (request, calls) in divided {
      state.set(request, calls: calls, score: state.likelihood(request, calls))
    }
  }
}

/// Likelihoods of requests without their unit, computed once each.
private struct Remainders {
  private var scores: [Float]

  init(_ count: Int) { scores = [Float](repeating: .nan, count: count) }

  func score(_ request: Int) -> Float? { scores[request].isNaN ? nil : scores[request] }

  mutating func store(_ request: Int, _ score: Float) -> Float {
    scores[request] = score
    return score
  }
}
