extension CallAssignment {
  /// Calls of a request that are looked back at when one more is added; longer requests are judged by their latest.
  private static let lookBack = 32

  /// Puts each call, in the order of time, where it fits best after what is there already.
  mutating func divideInOrder() {
    var list: [Int32] = []
    for call in problem.callID.indices {
      var best = problem.given[call] >= 0 ? -.infinity : model.logOrphan[Int(problem.callType[call])]
      var bestRequest = -1
      for place in problem.candidateRange(call) {
        let request = Int(problem.candidates[place])
        gather(request, into: &list)
        if list.count > Self.lookBack { list.removeFirst(list.count - Self.lookBack) }
        let before = likelihood(request, list, toEnd: false)
        list.append(Int32(call))
        let gain = likelihood(request, list, toEnd: false) - before
        if gain > best {
          best = gain
          bestRequest = request
        }
      }
      guard bestRequest >= 0 else { continue }
      gather(bestRequest, into: &list)
      list.append(Int32(call))
      set(bestRequest, calls: list, score: 0)
    }
    adopt(model)
  }
}
