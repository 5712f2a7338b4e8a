/// Follows parents up to the first hop of each trace.
enum TraceRoots {
  /// - Parameter outcomes: sorted by hop.
  static func assign(_ outcomes: inout [HopOutcome]) {
    var parents = [Int](repeating: -1, count: outcomes.count)
    for index in outcomes.indices {
      guard let parent = outcomes[index].parent else { continue }
      parents[index] = find(parent.target, in: outcomes, near: index)
    }
    var roots = [Int](repeating: -1, count: outcomes.count)
    var path: [Int] = []
    for index in outcomes.indices {
      var current = index
      path.removeAll(keepingCapacity: true)
      while roots[current] < 0 {
        path.append(current)
        // A loop cannot come from times, but hostile ids must not hang us: it is cut where it closes.
        roots[current] = current
        guard parents[current] >= 0 else { break }
        current = parents[current]
      }
      let root = roots[current]
      for step in path { roots[step] = root }
    }
    for index in outcomes.indices { outcomes[index].traceRoot = outcomes[roots[index]].hop }
  }

  /// Parents begin a little before their hops: the search starts there.
  private static func find(_ id: Int64, in outcomes: [HopOutcome], near start: Int) -> Int {
    var step = 1
    var low = start
    while low > 0, outcomes[low].hop > id {
      low = max(0, low - step)
      step *= 2
    }
    step = 1
    var high = start
    while high < outcomes.count, outcomes[high].hop < id {
      high = min(outcomes.count, high + step)
      step *= 2
    }
    while low < high {
      let middle = (low + high) / 2
      if outcomes[middle].hop < id { low = middle + 1 } else { high = middle }
    }
    return low < outcomes.count && outcomes[low].hop == id ? low : -1
  }
}
