/// Divides all calls of two requests between them anew.
///
/// Where two requests' calls were mixed up, every single step towards the right division can make it worse: of two
/// bursts of five, one request has eight calls and the other two, and three have to go together. The calls are taken in
/// the order of time, each goes to either request, and the best few divisions so far are kept (a beam).
struct PairDivision {
  /// Divisions that are kept.
  private static let beam = 12
  /// Calls of both together from which single moves are not enough.
  private static let least = 4
  /// Calls of both together; more are not divided so.
  private static let sizeLimit = 24

  private struct Division {
    /// Bit k: the kth call goes to the second request.
    var choice: UInt32 = 0
    var firstScore: Float = 0
    var secondScore: Float = 0

    var sum: Float { firstScore + secondScore }
  }

  private var calls: [Int32] = []
  private var isOdd: [Bool] = []
  private var list: [Int32] = []
  private var others: [Int32] = []
  private var kept: [Division] = []
  private var next: [Division] = []

  /// Divides every two requests of which a call of one may belong to the other, where that is in doubt: a call is not
  /// sure to stay, or one of the requests is less probable than most. Up to a number of steps.
  mutating func visitAll(_ state: inout CallAssignment, isSure: [Bool], sweep: UInt64, limit: Int) {
    markOdd(state)
    var partners: [Int32] = []
    for request in 0..<state.requests + state.problem.callID.count where state.size[request] > 0 {
      state.gather(request, into: &list)
      let key = state.problem.callKey(Int(list[0]))
      findPartners(request, state, isSure, into: &partners)
      for partner in partners {
        if state.steps >= limit { return }
        let draw = CallSolver.draw(key &+ state.problem.requestKey(Int(partner)), sweep)
        visit(request, Int(partner), &state, draw: draw)
      }
    }
  }

  private func findPartners(
    _ request: Int, _ state: borrowing CallAssignment, _ isSure: [Bool], into partners: inout [Int32]
  ) {
    partners.removeAll(keepingCapacity: true)
    let isOdd = state.isLost(request) || self.isOdd[request]
    for call in list {
      for place in state.problem.candidateRange(Int(call)) {
        let partner = state.problem.candidates[place]
        let inDoubt = isOdd || !isSure[Int(call)] || self.isOdd[Int(partner)]
        // Two with calls meet once, when it is the earlier one's turn.
        let isTurn = isOdd || partner > Int32(request) || state.size[Int(partner)] == 0
        guard inDoubt, isTurn, partner != Int32(request), !partners.contains(partner) else { continue }
        partners.append(partner)
      }
    }
    partners.sort()
  }

  /// Marks the requests whose likelihood is below what is common among those of their kind.
  private mutating func markOdd(_ state: borrowing CallAssignment) {
    let types = state.problem.requestTypes
    var (count, sum, squares) = (
      [Float](repeating: 0, count: types), [Float](repeating: 0, count: types),
      [Float](repeating: 0, count: types)
    )
    for request in 0..<state.requests {
      let type = Int(state.problem.requestType[request])
      count[type] += 1
      sum[type] += state.score[request]
      squares[type] += state.score[request] * state.score[request]
    }
    isOdd.removeAll(keepingCapacity: true)
    for request in 0..<state.requests {
      let type = Int(state.problem.requestType[request])
      let mean = sum[type] / count[type]
      let deviation = max(0, squares[type] / count[type] - mean * mean).squareRoot()
      isOdd.append(state.score[request] < mean - deviation)
    }
  }

  /// Takes the best division found, or with a `draw` of 0 ..< 1 each by its probability.
  mutating func visit(_ first: Int, _ second: Int, _ state: inout CallAssignment, draw: Float?) {
    guard collect(first, second, &state) else { return }
    search(first, second, &state)
    var now: UInt32 = 0
    for (place, call) in calls.enumerated() where state.parent[Int(call)] == Int32(second) {
      now |= 1 << UInt32(place)
    }
    if !kept.contains(where: { $0.choice == now }) {
      kept.append(Division(choice: now, firstScore: state.score[first], secondScore: state.score[second]))
    }
    let chosen = choose(draw)
    guard chosen.choice != now else { return }
    split(chosen.choice, count: calls.count)
    state.exchange(first, list, chosen.firstScore, with: second, others, chosen.secondScore)
  }

  private func choose(_ draw: Float?) -> Division {
    let best = kept.max { $0.sum < $1.sum } ?? Division()
    guard let draw else { return best }
    var total: Float = 0
    for division in kept { total += Float.exp(division.sum - best.sum) }
    var rest = draw * total
    for division in kept {
      rest -= Float.exp(division.sum - best.sum)
      if rest < 0 { return division }
    }
    return best
  }

  /// Writes the calls of both into `calls`, in order; false where there are too many or nothing to divide.
  private mutating func collect(_ first: Int, _ second: Int, _ state: inout CallAssignment) -> Bool {
    let size = Int(state.size[first] + state.size[second])
    guard size >= Self.least, size <= Self.sizeLimit else { return false }
    state.gather(first, into: &calls)
    state.gather(second, into: &others)
    calls.append(contentsOf: others)
    calls.sort()
    return true
  }

  private mutating func search(_ first: Int, _ second: Int, _ state: inout CallAssignment) {
    kept.removeAll(keepingCapacity: true)
    kept.append(Division())
    for (place, call) in calls.enumerated() {
      let mayMove = state.problem.given[Int(call)] < 0
      let isSecond = state.parent[Int(call)] == Int32(second)
      let toFirst = isSecond ? mayMove && state.mayBelong(Int(call), to: first) : true
      let toSecond = isSecond ? true : mayMove && state.mayBelong(Int(call), to: second)
      next.removeAll(keepingCapacity: true)
      for division in kept {
        if toFirst {
          split(division.choice, count: place)
          list.append(call)
          var one = division
          one.firstScore = state.likelihood(first, list, toEnd: false)
          next.append(one)
        }
        if toSecond {
          split(division.choice, count: place)
          others.append(call)
          var two = division
          two.choice |= 1 << UInt32(place)
          two.secondScore = state.likelihood(second, others, toEnd: false)
          next.append(two)
        }
      }
      if next.count > Self.beam {
        next.sort { ($1.sum, $0.choice) < ($0.sum, $1.choice) }
        next.removeLast(next.count - Self.beam)
      }
      swap(&kept, &next)
    }
    for index in kept.indices {
      split(kept[index].choice, count: calls.count)
      kept[index].firstScore = state.likelihood(first, list)
      kept[index].secondScore = state.likelihood(second, others)
    }
  }

  /// Writes the first `count` calls into `list` and `others`.
  private mutating func split(_ choice: UInt32, count: Int) {
    list.removeAll(keepingCapacity: true)
    others.removeAll(keepingCapacity: true)
    for place in 0..<count {
      if choice & (1 << UInt32(place)) == 0 { list.append(calls[place]) } else { others.append(calls[place]) }
    }
  }
}
