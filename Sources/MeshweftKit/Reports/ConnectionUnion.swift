/// Connections that were met under the same groups of attempts. Who counts them tells them apart: to do it here, too, took
/// a tenth of `imbalance`.
final class ConnectionClass: Sendable {
  let keys: ConnectionKeys

  init(_ keys: ConnectionKeys) { self.keys = keys }
}

/// The connections of several groups. Most have requests of several groups of one host: they are counted by the class, and put
/// into a set once instead of once for each group.
struct ConnectionUnion: Sendable {
  /// So many of them, from the first, are each there once.
  private var classes: [ConnectionClass] = []
  private var settled = 0
  /// Fewer are not worth it.
  private static let least = 16

  mutating func add(_ more: [ConnectionClass]) {
    classes += more
    if classes.count > max(ConnectionUnion.least, settled * 2) { settle() }
  }

  private mutating func settle() {
    var seen: Set<ObjectIdentifier> = []
    classes.removeAll { !seen.insert(ObjectIdentifier($0)).inserted }
    settled = classes.count
  }

  /// How many different ones; takes the time of looking at each.
  var count: Int {
    var union = self
    union.settle()
    return ConnectionKeys.count(union.classes.map(\.keys))
  }
}

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
