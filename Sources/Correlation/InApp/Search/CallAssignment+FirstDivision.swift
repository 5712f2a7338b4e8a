extension CallAssignment {
  /// Puts each call, in the order of time, where it fits best after what is there already; up to a number of steps.
  mutating func divideInOrder(limit: Int) {
    var list: [Int32] = []
    var lost: [Int32] = []
    for call in problem.callID.indices where !problem.orphaned[call] && steps < limit {
      let own = lostRequest(call)
      var best = problem.given[call] >= 0 ? -.infinity : likelihood(own, [Int32(call)], toEnd: false)
      var bestRequest = own
      if problem.given[call] < 0 { lostNearby(call, into: &lost) } else { lost.removeAll() }
      for request in problem.candidates[problem.candidateRange(call)] + lost {
        let gain = gain(of: call, in: Int(request), &list)
        if gain > best {
          best = gain
          bestRequest = Int(request)
        }
      }
      guard bestRequest != own else { continue }
      set(own, calls: [], score: 0)
      append(Int32(call), to: bestRequest)
    }
    adopt(model)
  }

  /// What a call that starts after all others of a request adds to its log likelihood.
  private mutating func gain(of call: Int, in request: Int, _ list: inout [Int32]) -> Float {
    gatherLatest(request, into: &list)
    let before = likelihood(request, list, toEnd: false)
    list.append(Int32(call))
    return likelihood(request, list, toEnd: false) - before
  }
}
