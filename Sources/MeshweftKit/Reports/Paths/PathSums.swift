/// The paths of a table's groups, and what their rows add up to.
struct PathSums {
  private var sums: [PathSummary] = []
  /// By `Group.index`: the path that it is part of.
  private var numbers: [Int] = []
  private var isUsed: [Bool]

  init(_ table: LegTable) {
    var known: [PathSummary.Way: Int] = [:]
    for group in table.groupList {
      let way = PathSummary.Way(group)
      let number = known[way] ?? sums.count
      if number == sums.count {
        known[way] = number
        sums.append(PathSummary(way))
      }
      numbers.append(number)
    }
    isUsed = [Bool](repeating: false, count: table.groupList.count)
  }

  mutating func add(_ row: LegRow) {
    guard row.attempts > 0 else { return }
    let number = numbers[row.group.index]
    if !isUsed[row.group.index] {
      isUsed[row.group.index] = true
      if let pod = row.group.client?.pod { sums[number].pods.insert(pod) }
    }
    sums[number].add(row)
  }

  /// Those that had any attempt and are wanted; by requests, most first. They are handed over, for two of each would take twice
  /// the memory.
  mutating func finish(_ isWanted: (PathSummary) -> Bool = { _ in true }) -> [PathSummary] {
    var paths: [PathSummary] = []
    swap(&paths, &sums)
    paths.removeAll { !$0.hasAttempts || !isWanted($0) }
    paths.sort { left, right in
      if left.requests != right.requests { return left.requests > right.requests }
      return left.connections == right.connections
        ? left.way < right.way : left.connections > right.connections
    }
    return paths
  }
}
