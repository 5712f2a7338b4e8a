/// Connections in the making, by the groups that they were met under.
struct ConnectionClasses {
  private var sets: [ConnectionKeys] = []
  /// By `Group.index`, ascending.
  private var members: [[Int]] = []
  private var numbers: [[Int]: Int] = [:]

  mutating func add(_ connections: LegConnections) {
    let groups = connections.members.indices
    let number = numbers[groups] ?? sets.count
    if number == sets.count {
      numbers[groups] = number
      members.append(groups)
      sets.append(ConnectionKeys())
    }
    connections.add(to: &sets[number])
  }

  /// By `Group.index` of so many groups: the classes whose connections it had.
  func classes(ofGroups count: Int) -> [[ConnectionClass]] {
    var classes = [[ConnectionClass]](repeating: [], count: count)
    for (keys, groups) in zip(sets, members) {
      let one = ConnectionClass(keys)
      for group in groups { classes[group].append(one) }
    }
    return classes
  }
}
