/// Items sorted into numbered groups; within a group they keep the order in which they came.
struct Grouping {
  /// `members[starts[g] ..< starts[g + 1]]` are the items of group g.
  private(set) var starts: [Int32]
  private(set) var members: [Int32]

  /// - Parameters:
  ///   - items: the items to sort.
  ///   - groups: the group of each item, by position; a negative group leaves the item out.
  ///   - count: how many groups there are.
  init(items: [Int32], groups: [Int32], count: Int) {
    assert(items.count == groups.count)
    starts = [Int32](repeating: 0, count: count + 1)
    for group in groups where group >= 0 { starts[Int(group) + 1] += 1 }
    for group in 0..<count { starts[group + 1] += starts[group] }
    members = [Int32](repeating: 0, count: Int(starts[count]))
    var next = starts
    for position in items.indices where groups[position] >= 0 {
      let group = Int(groups[position])
      members[Int(next[group])] = items[position]
      next[group] += 1
    }
    assert(starts.isOrdered { $0 <= $1 })
  }

  var count: Int { starts.count - 1 }

  func range(_ group: Int) -> Range<Int> { Int(starts[group])..<Int(starts[group + 1]) }

  subscript(_ group: Int) -> ArraySlice<Int32> { members[range(group)] }
}
