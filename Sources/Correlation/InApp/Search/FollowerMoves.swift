/// Moves a call to another request together with those later calls that do better there.
///
/// The calls of a lost request hold together: taken out of a request one by one each leaves the next without what it
/// followed, so that no single move pays. Nor do they make up the whole rest of the request that adopted them, as
/// the moves of `ReassignmentMoves` ask for.
struct FollowerMoves {
  private var own: [Int32] = []
  private var lost: [Int32] = []
  private var best = Division()

  /// Two requests' calls and their likelihoods.
  private struct Division {
    var own: [Int32] = []
    var others: [Int32] = []
    var ownScore: Float = 0
    var otherScore: Float = 0

    var sum: Float { ownScore + otherScore }
  }

  /// Gains below this are rounding.
  private static let leastGain: Float = 0.01

  /// Offers one call every other request, and takes the best if it is better than what is.
  mutating func visit(_ call: Int, _ state: inout CallAssignment) {
    let current = Int(state.parent[call])
    guard state.size[current] > 1, state.size[current] <= ReassignmentMoves.sizeLimit else { return }
    state.gather(current, into: &own)
    guard let last = own.last, last > call else { return }
    var bestGain = Self.leastGain
    var bestRequest = -1
    func offer(_ request: Int) {
      guard request != current, state.size[request] <= ReassignmentMoves.sizeLimit else { return }
      let division = divide(call, request, &state)
      let gain = division.sum - state.score[current] - state.score[request]
      guard gain > bestGain else { return }
      bestGain = gain
      bestRequest = request
      best = division
    }
    for place in state.problem.candidateRange(call) { offer(Int(state.problem.candidates[place])) }
    state.lostNearby(call, into: &lost)
    for request in lost { offer(Int(request)) }
    offer(state.lostRequest(call))
    guard bestRequest >= 0 else { return }
    state.exchange(current, best.own, best.ownScore, with: bestRequest, best.others, best.otherScore)
  }

  /// The call moved, and after it, in order, every later one that gains by it.
  private func divide(_ call: Int, _ request: Int, _ state: inout CallAssignment) -> Division {
    var result = Division()
    state.gather(request, into: &result.others)
    result.own = own.filter { $0 != call }
    result.others = Self.inserting(Int32(call), into: result.others)
    result.ownScore = state.likelihood(Int(state.parent[call]), result.own)
    result.otherScore = state.likelihood(request, result.others)
    for follower in own where follower > call && state.isFree(Int(follower), for: request) {
      var next = Division()
      next.own = result.own.filter { $0 != follower }
      next.others = Self.inserting(follower, into: result.others)
      next.ownScore = state.likelihood(Int(state.parent[call]), next.own)
      next.otherScore = state.likelihood(request, next.others)
      if next.sum > result.sum { result = next }
    }
    return result
  }

  private static func inserting(_ call: Int32, into list: [Int32]) -> [Int32] {
    var result = list
    result.insert(call, at: list.firstIndex { $0 > call } ?? list.count)
    return result
  }
}
